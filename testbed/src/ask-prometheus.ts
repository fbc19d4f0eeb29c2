/** One series' value at the moment of the question. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

type Answer = {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly resultType: string;
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
  };
};

/** Evaluates an expression now; a number alone is a sample without labels. Throws, with Prometheus' reason, where it is wrong. */
export async function askPrometheus(url: string, expression: string): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: expression }) });
  const { data, error } = (await response.json()) as Answer;
  if (data === undefined) throw new Error(`${expression}: ${error}`);
  if (data.resultType === 'scalar') return [{ labels: {}, value: Number((data.result as unknown as [number, string])[1]) }];
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}
