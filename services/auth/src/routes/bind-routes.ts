import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { bindAdmitNewcomer } from './admit-newcomer.ts';
import { bindChangePassword } from './change-password.ts';
import { bindCreateAppPassword } from './create-app-password.ts';
import { bindListTenants } from './list-tenants.ts';
import { bindRecover } from './recover.ts';
import { bindReadTenant } from './read-tenant.ts';
import { bindRestoreTenant } from './restore-tenant.ts';
import { bindDeleteTenant } from './delete-tenant.ts';
import { bindEndAccount } from './end-account.ts';
import { bindEndSession } from './end-session.ts';
import { bindExchangeAppPassword } from './exchange-app-password.ts';
import { bindFindTenantOfHost } from './find-tenant-of-host.ts';
import { bindForgetPassword } from './forget-password.ts';
import { bindGetCapabilities } from './get-capabilities.ts';
import { bindGetKeys } from './get-keys.ts';
import { bindGetMe } from './get-me.ts';
import { bindGetTenant } from './get-tenant.ts';
import { bindInviteUser } from './invite-user.ts';
import { bindListAppPasswords } from './list-app-passwords.ts';
import { bindListDevices } from './list-devices.ts';
import { bindEndUserSession } from './end-user-session.ts';
import { bindRemoveUserDevice } from './remove-user-device.ts';
import { bindListUserSessions } from './list-user-sessions.ts';
import { bindListUserDevices } from './list-user-devices.ts';
import { bindListRevocations } from './list-revocations.ts';
import { bindListSessions } from './list-sessions.ts';
import { bindListUserInvitations } from './list-user-invitations.ts';
import { bindLogIn } from './log-in.ts';
import { bindLogOut } from './log-out.ts';
import { bindPutTenant } from './put-tenant.ts';
import { bindRefreshToken } from './refresh-token.ts';
import { bindRemoveAppPassword } from './remove-app-password.ts';
import { bindRemoveDevice } from './remove-device.ts';
import { bindResetPassword } from './reset-password.ts';
import { bindRevokeUserInvitation } from './revoke-user-invitation.ts';
import { bindSignUp } from './sign-up.ts';
import { bindUpdateMe } from './update-me.ts';
import { bindVerifyEmail } from './verify-email.ts';
import { bindExchangeSignIn } from './exchange-sign-in.ts';
import { bindFinishSignIn } from './finish-sign-in.ts';
import { bindLinkIdentity } from './link-identity.ts';
import { bindListIdentities } from './list-identities.ts';
import { bindListIssuers } from './list-issuers.ts';
import { bindPutIssuer } from './put-issuer.ts';
import { bindRemoveIdentity } from './remove-identity.ts';
import { bindRemoveIssuer } from './remove-issuer.ts';
import { bindStartSignIn } from './start-sign-in.ts';
import { bindListUsers } from './list-users.ts';
import { bindUpdateUser } from './update-user.ts';

const binders: readonly ((context: Context) => RouteBinding)[] = [
  bindGetCapabilities,
  bindChangePassword,
  bindCreateAppPassword,
  bindDeleteTenant,
  bindListTenants,
  bindRecover,
  bindReadTenant,
  bindRestoreTenant,
  bindEndSession,
  bindExchangeAppPassword,
  bindFindTenantOfHost,
  bindForgetPassword,
  bindGetKeys,
  bindGetMe,
  bindGetTenant,
  bindInviteUser,
  bindAdmitNewcomer,
  bindEndAccount,
  bindListAppPasswords,
  bindListDevices,
  bindEndUserSession,
  bindRemoveUserDevice,
  bindListUserSessions,
  bindListUserDevices,
  bindListRevocations,
  bindListSessions,
  bindListUserInvitations,
  bindLogIn,
  bindLogOut,
  bindPutTenant,
  bindRefreshToken,
  bindRemoveAppPassword,
  bindRemoveDevice,
  bindResetPassword,
  bindRevokeUserInvitation,
  bindSignUp,
  bindUpdateMe,
  bindVerifyEmail,
  bindListUsers,
  bindUpdateUser,
  bindExchangeSignIn,
  bindFinishSignIn,
  bindLinkIdentity,
  bindListIdentities,
  bindListIssuers,
  bindPutIssuer,
  bindRemoveIdentity,
  bindRemoveIssuer,
  bindStartSignIn,
];

/** Every route that auth answers. */
export function bindRoutes(context: Context): RouteBinding[] {
  return binders.map((bind) => bind(context));
}
