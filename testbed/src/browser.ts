/** Goes to an address, or sends a form there, and answers the last address and its page. */
export type Browser = (url: string, form?: Readonly<Record<string, string>>) => Promise<{ readonly url: string; readonly page: string }>;

/** A browser that keeps cookies and follows redirections as long as they stay `within`. */
export function openBrowser(within: (url: string) => boolean): Browser {
  const cookies = new Map<string, string>();
  const visit: Browser = async (url, form) => {
    const answer = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const target = answer.headers.get('location');
    if (target === null) return { url, page: await answer.text() };
    const next = new URL(target, url).href;
    return within(next) ? visit(next) : { url: next, page: '' };
  };
  return visit;
}

/** Where a page's first form goes. */
export function formTarget(url: string, page: string): string {
  return new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', url).href;
}

/** Signs `name` in at the provider of `startOidcProvider`, from the address it was called by to where it sends the browser. */
export async function passProvider(visit: Browser, address: string, name: string): Promise<string> {
  const login = await visit(address);
  const consent = await visit(formTarget(login.url, login.page), { prompt: 'login', login: name, password: 'any' });
  return (await visit(formTarget(consent.url, consent.page), { prompt: 'consent' })).url;
}
