import { createHash } from 'node:crypto';
import type { Page } from '@driftbox/service-kit';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem; color: #1d2733; background: #f6f8fa }
h1 { font-size: 1.4rem } label { display: block; margin: .8rem 0 .2rem } p { min-height: 1.5em }
input { width: 100%; padding: .5rem; font: inherit; border: 1px solid #b6c2cf; border-radius: .4rem; box-sizing: border-box }
button { margin-top: 1.2rem; padding: .6rem 1.4rem; font: inherit; color: #fff; background: #0b63ce; border: 0; border-radius: .4rem }
button:disabled { opacity: .6 }
code { display: block; padding: .6rem; background: #e7ecf1; border-radius: .4rem; overflow-wrap: anywhere }`;

/** The secret comes in the fragment, which browsers send to nobody; the form hands it over in the sign-up's body. */
const script = `
const form = document.querySelector('form'), answer = document.querySelector('p'), button = document.querySelector('button');
const invitation = location.hash.slice(1);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  answer.textContent = '';
  const field = (name) => form.elements.namedItem(name).value;
  const body = { email: field('email'), password: field('password'), displayName: field('name'),
    device: { name: 'Browser', kind: 'web' }, ...(invitation === '' ? {} : { invitation }) };
  try {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch('/v1/signup', { method: 'POST', headers, body: JSON.stringify(body) });
    const result = await reply.json();
    if (reply.ok) {
      form.remove();
      answer.textContent = 'Welcome, ' + result.account.displayName + '. Now sign in on a command line:';
      const command = document.createElement('code');
      command.textContent = 'npm run driftbox -- login --server ' + location.origin + ' --email ' + result.account.email;
      answer.after(command);
    } else answer.textContent = result.detail;
  } catch {
    answer.textContent = 'The server does not answer. Is it still running?';
  }
  button.disabled = false;
});`;

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Join DriftBox</title><style>${style}</style><h1>Join DriftBox</h1><form>
<label for="name">Your name</label><input id="name" name="name" required maxlength="100" autocomplete="name">
<label for="email">E-mail address</label><input id="email" name="email" type="email" required autocomplete="email">
<label for="password">Password (10 characters or more)</label>
<input id="password" name="password" type="password" required minlength="10" autocomplete="new-password">
<button>Join</button></form><p role="status"></p><script>${script}</script></html>`;

function hashed(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const policy = [
  "default-src 'none'",
  `style-src ${hashed(style)}`,
  `script-src ${hashed(script)}`,
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** `GET /join#SECRET`: where the first administrator's one-time link leads. */
export const joinPage: Page = {
  path: '/join',
  headers,
  body: html,
};
