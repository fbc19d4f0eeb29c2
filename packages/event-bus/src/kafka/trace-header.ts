/** The header of a message that names the step that sent it, as for HTTP (W3C Trace Context). */
export const traceHeader = 'traceparent';
