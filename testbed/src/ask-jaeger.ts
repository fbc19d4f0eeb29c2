/** A step of a kept trace. */
export type KeptSpan = { readonly process: string; readonly name: string; readonly id: string; readonly parentId: string | undefined };

type Answer = {
  readonly data:
    | readonly {
        readonly spans: readonly {
          readonly spanID: string;
          readonly operationName: string;
          readonly processID: string;
          readonly references: readonly { readonly refType: string; readonly spanID: string }[];
        }[];
        readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
      }[]
    | null;
};

/** The steps of a trace that Jaeger has by now; none where it does not know it. */
export async function askJaeger(url: string, traceId: string): Promise<readonly KeptSpan[]> {
  const response = await fetch(`${url}/api/traces/${traceId}`);
  const { data } = (await response.json()) as Answer;
  return (data ?? []).flatMap(({ spans, processes }) =>
    spans.map(({ spanID, operationName, processID, references }) => ({
      process: processes[processID]?.serviceName ?? '',
      name: operationName,
      id: spanID,
      parentId: references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
    })),
  );
}
