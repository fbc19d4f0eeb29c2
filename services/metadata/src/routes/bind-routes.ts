import type { RouteBinding } from '@driftbox/service-kit';
import { bindAcceptGrant } from './accept-grant.ts';
import { bindDescribeInvitees } from './describe-invitees.ts';
import { bindGetPerson } from './get-person.ts';
import { bindAddGrant } from './add-grant.ts';
import { bindCheckAccess } from './check-access.ts';
import { bindCheckDrives } from './check-drives.ts';
import { bindCheckPossession } from './check-possession.ts';
import { bindCreateDrive } from './create-drive.ts';
import { bindDeleteDrive } from './delete-drive.ts';
import { bindRecover } from './recover.ts';
import { bindReadTenant } from './read-tenant.ts';
import { bindRestoreTenant } from './restore-tenant.ts';
import { bindDeleteTenantInMetadata } from './delete-tenant-in-metadata.ts';
import { bindDescribeLinked } from './describe-linked.ts';
import { bindReportDamage } from './report-damage.ts';
import { bindFindAffected } from './find-affected.ts';
import { bindFindReferenced } from './find-referenced.ts';
import { bindForwardCommit } from './forward-commit.ts';
import { bindGetCommitStatus } from './get-commit-status.ts';
import { bindGetDrive } from './get-drive.ts';
import { bindGetEntryAt } from './get-entry-at.ts';
import { bindGetEntryPath } from './get-entry-path.ts';
import { bindGetEntry } from './get-entry.ts';
import { bindGetGrant } from './get-grant.ts';
import { bindGetTenantInMetadata } from './get-tenant-in-metadata.ts';
import { bindGetTenantLimits } from './get-tenant-limits.ts';
import { bindGetUsage } from './get-usage.ts';
import { bindListActivity } from './list-activity.ts';
import { bindListChanges } from './list-changes.ts';
import { bindListChildrenAt } from './list-children-at.ts';
import { bindListChildren } from './list-children.ts';
import { bindListDescendants } from './list-descendants.ts';
import { bindListDrives } from './list-drives.ts';
import { bindListGrants } from './list-grants.ts';
import { bindListLinkedChildren } from './list-linked-children.ts';
import { bindListLinkedDescendants } from './list-linked-descendants.ts';
import { bindListReferenced } from './list-referenced.ts';
import { bindListRevisions } from './list-revisions.ts';
import { bindListHeldDevices } from './list-held-devices.ts';
import { bindSetUserLimit } from './set-user-limit.ts';
import { bindListUserUsage } from './list-user-usage.ts';
import { bindListTrash } from './list-trash.ts';
import { bindLocateContent } from './locate-content.ts';
import { bindPutGrant } from './put-grant.ts';
import { bindPutTenantInMetadata } from './put-tenant-in-metadata.ts';
import { bindReadSegments } from './read-segments.ts';
import { bindReleaseReservation } from './release-reservation.ts';
import { bindReleaseDevice } from './release-device.ts';
import { bindRemoveGrant } from './remove-grant.ts';
import { bindRemoveUser } from './remove-user.ts';
import { bindReserveBytes } from './reserve-bytes.ts';
import { bindResolveForWrite } from './resolve-for-write.ts';
import { bindResolvePath } from './resolve-path.ts';
import { bindListTags } from './list-tags.ts';
import { bindPutTag } from './put-tag.ts';
import { bindRemoveTag } from './remove-tag.ts';
import { bindSearchEntries } from './search-entries.ts';
import { bindStoreSegments } from './store-segments.ts';
import { bindUndoWork } from './undo-work.ts';
import { bindUnshareDrive } from './unshare-drive.ts';
import { bindUpdateDrive } from './update-drive.ts';
import { bindAddGroupMember } from './add-group-member.ts';
import { bindCreateGroup } from './create-group.ts';
import { bindListGroupMembers } from './list-group-members.ts';
import { bindListGroups } from './list-groups.ts';
import { bindRemoveGroupMember } from './remove-group-member.ts';
import { bindRemoveGroup } from './remove-group.ts';
import { bindRenameGroup } from './rename-group.ts';
import { bindListEntryGrants } from './list-entry-grants.ts';
import { bindAddEntryGrant } from './add-entry-grant.ts';
import { bindGetEntryGrant } from './get-entry-grant.ts';
import { bindPutEntryGrant } from './put-entry-grant.ts';
import { bindRemoveEntryGrant } from './remove-entry-grant.ts';
import { bindListGrantedEntries } from './list-granted-entries.ts';
import type { Context } from './context.ts';

/** Every route of metadata, public and internal. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [
    ...bindRoles(context),
    bindAcceptGrant(context),
    bindDescribeInvitees(context),
    bindGetPerson(context),
    bindCheckAccess(context),
    bindCheckDrives(context),
    bindCheckPossession(context),
    bindCreateDrive(context),
    bindDeleteDrive(context),
    bindDeleteTenantInMetadata(context),
    bindRecover(context),
    bindReadTenant(context),
    bindRestoreTenant(context),
    bindDescribeLinked(context),
    bindFindAffected(context),
    bindReportDamage(context),
    bindFindReferenced(context),
    bindListReferenced(context),
    bindForwardCommit(context),
    bindGetCommitStatus(context),
    bindGetDrive(context),
    bindGetEntry(context),
    bindGetEntryAt(context),
    bindGetEntryPath(context),
    bindGetTenantInMetadata(context),
    bindGetTenantLimits(context),
    bindGetUsage(context),
    bindListChanges(context),
    bindListActivity(context),
    bindListChildren(context),
    bindListChildrenAt(context),
    bindListDescendants(context),
    bindListDrives(context),
    bindListLinkedChildren(context),
    bindListLinkedDescendants(context),
    bindListRevisions(context),
    bindListHeldDevices(context),
    bindSetUserLimit(context),
    bindListUserUsage(context),
    bindListTrash(context),
    bindLocateContent(context),
    bindPutTenantInMetadata(context),
    bindReadSegments(context),
    bindReleaseDevice(context),
    bindReleaseReservation(context),
    bindReserveBytes(context),
    bindResolveForWrite(context),
    bindResolvePath(context),
    bindListTags(context),
    bindPutTag(context),
    bindRemoveTag(context),
    bindSearchEntries(context),
    bindStoreSegments(context),
    bindUpdateDrive(context),
    bindRemoveUser(context),
    bindUndoWork(context),
    bindUnshareDrive(context),
  ];
}

/** Who may do what: roles on drives and entries, and the groups that hold some. */
function bindRoles(context: Context): RouteBinding[] {
  return [
    bindAddGrant(context),
    bindGetGrant(context),
    bindListGrants(context),
    bindPutGrant(context),
    bindRemoveGrant(context),
    bindListEntryGrants(context),
    bindAddEntryGrant(context),
    bindGetEntryGrant(context),
    bindPutEntryGrant(context),
    bindRemoveEntryGrant(context),
    bindListGrantedEntries(context),
    bindAddGroupMember(context),
    bindCreateGroup(context),
    bindListGroupMembers(context),
    bindListGroups(context),
    bindRemoveGroupMember(context),
    bindRemoveGroup(context),
    bindRenameGroup(context),
  ];
}
