/** Values of a path that belong to one tenant; `seq`, `path`, `host` and the name of an `issuer` name nothing by themselves. */
export const owned = /[:*](?!seq\b|path\b|host\b|issuer\b)[a-zA-Z]+/;
