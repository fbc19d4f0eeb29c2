/** What the routes of tus read in place of a body: a file of which a part comes at first. */
export const tusHeaders = {
  'tus-resumable': '1.0.0',
  'upload-length': '1000',
  'upload-offset': '0',
  'upload-metadata': `filename ${Buffer.from('sent.txt').toString('base64')}`,
};
