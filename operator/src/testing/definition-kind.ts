import { kubeKinds } from '../kube-kinds.ts';

/** The kind that makes kinds: for tests that bring their own to a real API server. */
export const definitionKind = kubeKinds.definition;
