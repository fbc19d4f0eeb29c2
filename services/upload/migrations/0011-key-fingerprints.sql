-- What a data key must be recognised by once it is opened. NULL for keys that were wrapped last before this was kept.
ALTER TABLE data_keys ADD COLUMN fingerprint bytea CHECK (octet_length(fingerprint) = 16);
