/** Rights in an order of their own: that in which they were granted means nothing. */
const sorted = (rights: string): string => `(SELECT string_agg(item::text, ',' ORDER BY item::text) FROM unnest(${rights}) AS item)`;

/**
 * One row for everything that makes a schema what it is: tables and their storage, columns, constraints, indexes and whether they are
 * valid, policies, functions, rights and owners, and the migrations it has seen. Two that are equal are the same to any program.
 */
export const describeSchema = `
WITH of AS (SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname = ANY ($1))
SELECT 'schema ' || nspname || ' ' || nspowner::regrole || coalesce(${sorted('nspacl')}, '') AS line FROM of
UNION ALL
SELECT concat_ws(' ', 'relation', c.oid::regclass, c.relkind, c.relowner::regrole, ${sorted('c.relacl')}, c.reloptions::text,
  c.relrowsecurity, c.relforcerowsecurity, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid))
  FROM pg_class c JOIN of ON of.oid = c.relnamespace
UNION ALL
SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
  a.attstorage, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN of ON of.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT concat_ws(' ', 'constraint', c.conrelid::regclass, c.conname, c.convalidated, pg_get_constraintdef(c.oid))
  FROM pg_constraint c JOIN of ON of.oid = c.connamespace
UNION ALL
SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  JOIN of ON of.oid = c.relnamespace
UNION ALL
SELECT concat_ws(' ', 'policy', schemaname, tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies
  WHERE schemaname = ANY ($1)
UNION ALL
SELECT concat_ws(' ', 'function', p.proowner::regrole, ${sorted('p.proacl')}, pg_get_functiondef(p.oid)) FROM pg_proc p
  JOIN of ON of.oid = p.pronamespace
  WHERE p.prokind = 'f' AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')
UNION ALL
SELECT concat_ws(' ', 'role', r.rolname, r.rolcanlogin, r.rolinherit, r.rolsuper, r.rolbypassrls, s.setconfig::text)
  FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid WHERE r.rolname LIKE $2
UNION ALL
SELECT 'extension ' || extname || ' ' || extnamespace::regnamespace FROM pg_extension
ORDER BY 1`;
