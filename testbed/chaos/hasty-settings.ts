/** Of upload: what comes due in a run comes due soon, after the shortest times that the settings allow. */
export const hastySettings = { DRIFTBOX_COLLECT_EVERY: '1m', DRIFTBOX_COLLECT_GRACE: '5m', DRIFTBOX_UPLOAD_TTL: '1m' };
