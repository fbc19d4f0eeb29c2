/** What a connection string says: who logs in, and to which database. */
export type Login = { readonly role: string; readonly password: string; readonly database: string };

const form = /^postgres(?:ql)?:\/\/([^:@/?#]+):([^@/?#]+)@[^/?#]+\/([^/?#]+)/;

/** Reads a connection string, which may name several servers. Throws, without quoting it, where something is missing. */
export function readLogin(text: string, setting: string): Login {
  const [, role, password, database] = form.exec(text) ?? [];
  if (role === undefined || password === undefined || database === undefined)
    throw new Error(`${setting} must be a connection string with user, password and database: postgresql://user:password@host/database`);
  return { role: decodeURIComponent(role), password: decodeURIComponent(password), database: decodeURIComponent(database) };
}
