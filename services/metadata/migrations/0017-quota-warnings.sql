-- How full a holder has been warned to be, in percent of the limit; 0 again once there is room.
ALTER TABLE holdings ADD COLUMN warned smallint NOT NULL DEFAULT 0;
