-- Collection asks whether any drive's revision names a list; possession asks it of one drive. One index answers both.
CREATE INDEX revisions_of_list ON revisions (tenant, list_id, drive_id) WHERE list_id IS NOT NULL;
DROP INDEX revisions_lists;
