import { expect, test } from '@jest/globals';
import { readLibraries } from './root-folder.ts';

test('a library is known by where it is, however the loader came there', () => {
  const said = `
\tlinux-vdso.so.1 (0x00007ffc1a5f2000)
\tlibjli.so => /work/java/bin/../lib/libjli.so (0x00007f2b4c0d2000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2b4beee000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f2b4c0f1000)
`;
  expect(readLibraries(said)).toEqual([
    { name: 'libjli.so', file: '/work/java/lib/libjli.so' },
    { name: 'libc.so.6', file: '/lib/x86_64-linux-gnu/libc.so.6' },
    { name: '', file: '/lib64/ld-linux-x86-64.so.2' },
  ]);
});
