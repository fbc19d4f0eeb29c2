-- When people were told of it; what is found again after it was whole is told again.
ALTER TABLE damaged_chunks ADD COLUMN told_at timestamptz;
