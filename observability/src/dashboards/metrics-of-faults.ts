/**
 * What exists only once something was refused, lost or late, or once background work came round. Everything else that a
 * dashboard asks for is there as soon as somebody works with the server; a test holds both against a running one.
 */
export const metricsOfFaults: readonly string[] = [
  'driftbox_auth_issuer_sign_ins_total',
  'driftbox_link_refusals_total',
  'driftbox_link_uses_total',
  'driftbox_notification_mails_total',
  'driftbox_notifications_total',
  'driftbox_webhook_deliveries_total',
  'driftbox_webhooks_disabled_total',
  'driftbox_metadata_swept_rows_total',
  'driftbox_sync_sockets_ended_total',
  'driftbox_sync_sockets_refused_total',
  'driftbox_upload_upkeep_age_seconds',
  'workqueue_retries_total',
];
