-- How often a tenant and each of its users may call; the gateway asks for them and counts.
ALTER TABLE tenants
  ADD COLUMN requests_per_second integer NOT NULL DEFAULT 2000,
  ADD COLUMN request_burst integer NOT NULL DEFAULT 4000,
  ADD COLUMN user_requests_per_second integer NOT NULL DEFAULT 200,
  ADD COLUMN user_request_burst integer NOT NULL DEFAULT 1000;
