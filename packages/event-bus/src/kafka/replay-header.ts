/** A message with this header is a dead letter that goes to the group it names alone; its value is that group. */
export const replayHeader = 'driftbox-replay-group';
