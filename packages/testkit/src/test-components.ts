/** A listener with TLS, at `localhost` by its certificate and by no other name, which wants to know who comes. */
export type SecureListener = {
  /** The certificate in PEM, which vouches for itself. */
  readonly authority: string;
  readonly username: string;
  readonly password: string;
};

/** How to reach the components that the test run has started for the files that were selected. */
export type TestComponents = {
  /** For `.redis.test.ts`. */
  readonly redis: {
    readonly url: string;
    /** `url` without a name; it wants to be shown the certificate, with its key. */
    readonly secure: SecureListener & { readonly url: string; readonly key: string };
  };
  /** For `.s3.test.ts`: a server with a bucket for everybody; each test file takes a prefix or bucket of its own. */
  readonly s3: { readonly endpoint: string; readonly accessKey: string; readonly secretKey: string; readonly region: string };
  /** For `.kafka.test.ts`: one broker that makes no topics by itself. */
  readonly kafka: { readonly brokers: readonly string[]; readonly secure: SecureListener & { readonly broker: string } };
  /** For `.nginx.test.ts`: the program, which each test starts with its own configuration by `startNginx`. */
  readonly nginx: { readonly command: string; readonly env: Readonly<Record<string, string>> };
  /** For `.helm.test.ts`: the program; it reaches no cluster by itself. */
  readonly helm: { readonly command: string };
  /** For `.prometheus.test.ts`: the programs; nothing runs until a test starts it. */
  readonly prometheus: { readonly command: string; readonly promtool: string };
  /** For `.k6.test.ts`: the program. */
  readonly k6: { readonly command: string };
  /** For `.openbao.test.ts`: a server with the right to do everything; each test file makes keys of its own in `transit/`. */
  readonly openbao: { readonly url: string; readonly token: string };
  /** For `.faketime.test.ts`: a library by which a program's clock may be wrong; nothing is loaded until a test starts one with it. */
  readonly faketime: { readonly library: string };
  /** For `.k8s.test.ts`: an API server for everybody; each test file takes namespaces and names of its own, and removes them. */
  readonly k8s: {
    /** The file with the right to do everything, and the program that takes it. */
    readonly kubeconfig: string;
    readonly kubectl: string;
    /** What the file says, for requests without kubectl; `authority`, `certificate` and `key` in PEM. */
    readonly url: string;
    readonly authority: string;
    readonly token?: string;
    readonly certificate?: string;
    readonly key?: string;
  };
};

/** The suffix words of test files that need a component. */
export type ComponentSuffix = keyof TestComponents;

/** Where `openTestRun`'s caller hands the components over: JSON of a part of `TestComponents`. */
export const testComponentsVariable = 'DRIFTBOX_TEST_COMPONENTS';

/** The component that the file's suffix asks for. Throws where the run did not start it: then the suffix is missing or wrong. */
export function testComponent<Suffix extends ComponentSuffix>(suffix: Suffix): TestComponents[Suffix] {
  const all = JSON.parse(process.env[testComponentsVariable] ?? '{}') as Partial<TestComponents>;
  const found = all[suffix];
  if (found === undefined)
    throw new Error(`this test run has no ${suffix}: name the file *.${suffix}.test.ts and run jest with the repository's configuration`);
  return found;
}
