import type { Mail } from '@driftbox/mail';

/** The secret stands in the link's fragment, which browsers send to no server; without an address of the tenant it stands alone. */
function way(publicUrl: string | undefined, page: string, secret: string): string {
  return publicUrl === undefined ? `Your code:\n${secret}` : `${publicUrl}/${page}#${secret}\n\nor, where a code is asked for:\n${secret}`;
}

/** Asks a new user to prove their address. */
export function verifyEmailMail(to: string, tenant: string, secret: string, publicUrl: string | undefined): Mail {
  return {
    to,
    subject: `Confirm your address for ${tenant}`,
    text:
      `Welcome to ${tenant}.\n\nPlease confirm that this is your address:\n\n${way(publicUrl, 'verify', secret)}\n\n` +
      'If you did not sign up, ignore this mail.\n',
  };
}

/** Lets a user set a new password. */
export function resetPasswordMail(to: string, tenant: string, secret: string, publicUrl: string | undefined): Mail {
  return {
    to,
    subject: `Set a new password for ${tenant}`,
    text:
      `Somebody, hopefully you, asked for a new password for ${tenant}. It can be set within the hour:\n\n` +
      `${way(publicUrl, 'reset', secret)}\n\n` +
      'If it was not you, ignore this mail: nothing has changed.\n',
  };
}

/** Invites somebody to a tenant. */
export function invitationMail(to: string, tenant: string, inviter: string, secret: string, publicUrl: string | undefined): Mail {
  return {
    to,
    subject: `You are invited to ${tenant}`,
    text:
      `${inviter} invites you to ${tenant}. To join:\n\n${way(publicUrl, 'join', secret)}\n\n` +
      `On a command line: driftbox signup --server ${publicUrl ?? 'ADDRESS'} --invitation ${secret}\n`,
  };
}
