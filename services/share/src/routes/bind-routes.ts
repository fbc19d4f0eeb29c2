import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { bindAcceptInvitation } from './accept-invitation.ts';
import { bindCreateInvitations } from './create-invitations.ts';
import { bindDeclineInvitation } from './decline-invitation.ts';
import { bindListInvitations } from './list-invitations.ts';
import { bindRevokeInvitation } from './revoke-invitation.ts';
import { bindArchiveShared } from './archive-shared.ts';
import { bindCreateLink } from './create-link.ts';
import { bindReadTenant } from './read-tenant.ts';
import { bindRestoreTenant } from './restore-tenant.ts';
import { bindDeleteTenant } from './delete-tenant.ts';
import { bindDownloadShared } from './download-shared.ts';
import { bindGetLink } from './get-link.ts';
import { bindGetShared } from './get-shared.ts';
import { bindListLinkUses } from './list-link-uses.ts';
import { bindListLinks } from './list-links.ts';
import { bindListSharedChildren } from './list-shared-children.ts';
import { bindReadDownload } from './read-download.ts';
import { bindRevokeLink } from './revoke-link.ts';
import { bindUnlockShared } from './unlock-shared.ts';
import { bindUpdateLink } from './update-link.ts';
import { bindUploadShared } from './upload-shared.ts';

/** Every route of share. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [
    bindAcceptInvitation(context),
    bindCreateInvitations(context),
    bindDeclineInvitation(context),
    bindListInvitations(context),
    bindRevokeInvitation(context),
    bindArchiveShared(context),
    bindCreateLink(context),
    bindDeleteTenant(context),
    bindReadTenant(context),
    bindRestoreTenant(context),
    bindDownloadShared(context),
    bindGetLink(context),
    bindGetShared(context),
    bindListLinkUses(context),
    bindListLinks(context),
    bindListSharedChildren(context),
    bindReadDownload(context),
    bindRevokeLink(context),
    bindUnlockShared(context),
    bindUpdateLink(context),
    bindUploadShared(context),
  ];
}
