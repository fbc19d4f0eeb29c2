import type { Mail } from '@driftbox/mail';

/** The command line that takes a mailed secret: no page of a server does yet. */
function command(publicUrl: string | undefined, name: string, secret: string): string {
  return `driftbox ${name} ${secret} --server ${publicUrl ?? 'ADDRESS'}`;
}

/** Asks a new user to prove their address. */
export function verifyEmailMail(to: string, tenant: string, secret: string, publicUrl: string | undefined): Mail {
  return {
    to,
    subject: `Confirm your address for ${tenant}`,
    text:
      `Welcome to ${tenant}.\n\nPlease confirm that this is your address, on a command line:\n\n` +
      `${command(publicUrl, 'confirm', secret)}\n\nIf you did not sign up, ignore this mail.\n`,
  };
}

/** Lets a user set a new password. */
export function resetPasswordMail(to: string, tenant: string, secret: string, publicUrl: string | undefined): Mail {
  return {
    to,
    subject: `Set a new password for ${tenant}`,
    text:
      `Somebody, hopefully you, asked for a new password for ${tenant}. It can be set within the hour, on a command line:\n\n` +
      `${command(publicUrl, 'password reset', secret)}\n\nIf it was not you, ignore this mail: nothing has changed.\n`,
  };
}

/** Invites somebody to a tenant. */
export function invitationMail(to: string, tenant: string, inviter: string, secret: string, publicUrl: string | undefined): Mail {
  return {
    to,
    subject: `You are invited to ${tenant}`,
    text: `${inviter} invites you to ${tenant}. To join, on a command line:\n\n${command(publicUrl, 'signup --invitation', secret)}\n`,
  };
}
