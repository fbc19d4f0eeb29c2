import type { Script } from './script.ts';

/**
 * A seed that failed once, what it was, and how many clients took part. The weather may have changed since; the seed stays. Those
 * from before disks had troubles of their own have sound ones.
 */
export type Regression = {
  readonly seed: number;
  readonly clients: number;
  readonly was: string;
  readonly script?: Script;
  readonly soundDisks?: boolean;
  readonly sharing?: boolean;
};

const onSoundDisks: readonly Regression[] = [
  { seed: 30, clients: 2, was: 'an entry not found was remembered as unreadable for ever' },
  { seed: 108, clients: 2, was: 'what a crash left in the stash was put back beside its place, and that was sent as a rename' },
  { seed: 153, clients: 2, was: 'three files rotated while their folders were looked through: one counted as deleted' },
  { seed: 186, clients: 2, was: 'a file moved into a folder that could not be read counted as deleted' },
  { seed: 400, clients: 2, was: 'a file fetched within a second of its edit was sent back with a rounded time, again and again' },
  { seed: 484, clients: 2, was: 'killed between placing a file and agreeing on it: the next remote edit became a conflict' },
  { seed: 243, clients: 2, was: 'a rotated file whose place was taken counted as deleted at once' },
  { seed: 2759, clients: 3, was: 'a refused create arrived a second time when it was no longer refused' },
  { seed: 2565, clients: 3, was: 'killed between placing a new file and recording it, and the file was renamed meanwhile: sent as new' },
  { seed: 21_194, clients: 2, was: 'the same, with a loss of power' },
  { seed: 21_603, clients: 2, was: 'the same, on a disk that rounds times' },
  { seed: 11_573, clients: 3, was: 'only the ctime of a file changed, and its content was sent again' },
  { seed: 21_974, clients: 2, was: 'asked again about an unanswered edit: a second edit within the second was taken for known' },
  { seed: 2315, clients: 3, was: 'after a start, what was committed and deleted since counted as gone on both sides, and came back' },
  { seed: 490, clients: 2, was: 'of two files that swapped names one had to be read first, and the other took a conflict name' },
  { seed: 103_062, clients: 3, was: 'a loss of power undid times that had been agreed on, and the old ones were sent' },
  { seed: 101_932, clients: 3, was: 'of two things that swapped names one had to be read first: one person alone got a conflict copy' },
  {
    seed: 500_620,
    clients: 4,
    was: 'a folder deleted elsewhere was forgotten before what was missing in it: that was remembered for ever',
  },
  {
    seed: 501_237,
    clients: 4,
    was: 'the second half of a swap of names was refused, and the first stood: a folder kept its temporary name',
  },
  {
    seed: 1_006_264,
    clients: 2,
    was: 'a folder moved to the path it had had, in another folder that took the name of its own: it counted as new, and as deleted',
  },
  { seed: 2_004_763, clients: 3, was: 'two folders were recorded in each other while they moved, and looking for a path never ended' },
  { seed: 500_468, clients: 4, was: 'a conflict copy that could not be renamed was written over with the other version' },
];

const onAnyDisks: readonly Regression[] = [
  { seed: 17, clients: 2, was: 'an emptied folder that was filled again counted as new, and as deleted' },
  { seed: 22, clients: 2, was: 'a name respelt on a disk that does not tell cases counted as new, and as deleted' },
  { seed: 425, clients: 2, was: 'a file renamed away and made anew under another spelling counted as deleted' },
  { seed: 6_026_756, clients: 4, was: 'a drive was restored, and what lay in a folder not agreed on counted as deleted there' },
  { seed: 7_004_103, clients: 3, was: 'a folder could not be looked into for a moment, and things were put into it' },
  { seed: 6_024_287, clients: 2, was: 'a loss of power undid a mode in the stash, and it counted as agreed on' },
  { seed: 7_025_030, clients: 3, was: 'an entry stayed under its temporary name, as the name to put it back under was taken' },
  { seed: 7_015_084, clients: 2, was: 'of a file in swapped folders, with a new file in its place, one counted as deleted' },
  { seed: 6_031_268, clients: 3, was: 'a swap of names that could not be finished was begun again at once, for ever' },
  { seed: 8_004_251, clients: 3, was: 'a folder was to go into the one in it, which could not come out: ordering never ended' },
  { seed: 8_014_798, clients: 4, was: 'what was listed before the folder around it, which was then deleted, was remembered for ever' },
  { seed: 8_013_682, clients: 3, was: 'a file that was at another place for a moment, and back, counted as new, and as deleted' },
  { seed: 9_002_954, clients: 4, was: 'a loss of power undid a mode within the second, and the old one was sent' },
  { seed: 10_302_685, clients: 4, was: 'a folder was told of as gone before what had been moved out of it: that was forgotten' },
  { seed: 10_302_348, clients: 4, was: 'a name was held by a deleted folder with something in it that waits, and nobody said so' },
  { seed: 10_121_974, clients: 2, was: 'a loss of power undid a move and the content after it, and what was back was sent as new' },
  { seed: 10_140_040, clients: 3, was: 'entries waited for a name that two are to get, and did not say so' },
  { seed: 7_009_126, clients: 2, was: 'a loss of power undid a respelling, which was sent, on a disk that does not tell cases' },
  { seed: 10_610_862, clients: 3, was: 'a folder waited for one that was to come out of it, two levels down, and did not say so' },
  { seed: 10_614_070, clients: 4, was: 'an edit was not sent while the disk was too full for what was to be done to the same file' },
  { seed: 20_033_201, clients: 2, was: 'a mode set right before its file was moved was never seen' },
  { seed: 30_002_660, clients: 4, was: 'a name was held by a file that was gone, as another folder could not be read' },
  { seed: 31_509_019, clients: 2, was: 'steps that needed each other were tried at different times, for ever' },
  { seed: 32_037_214, clients: 3, was: 'two folders swapped names while one was looked for, and it counted as new' },
  {
    seed: 32_031_048,
    clients: 3,
    was: 'a loss of power undid a move and the content after it, where something in the stash had been since',
  },
  { seed: 20_524_388, clients: 2, was: 'a folder was renamed, and the one made under its old name counted as it' },
];

const whereDrivesAreShared: readonly Regression[] = [
  { seed: 6, clients: 2, was: "a mount's folder was deleted while the mount was moved: a new one was made, and stayed empty for ever" },
  { seed: 50, clients: 4, was: 'a file that a reader had touched, and nobody had read since, left as a conflict copy' },
  { seed: 62, clients: 4, was: 'what was renamed a moment before a drive was taken away stayed as if it were new' },
  { seed: 277, clients: 3, was: 'what was placed a moment before a drive was taken away stayed as if it were new' },
  { seed: 108, clients: 2, was: 'a drive that never was a folder became one: nobody asked what was in it, and it went from disk' },
  { seed: 398, clients: 4, was: 'a folder was a drive for a moment, and nobody asked what was in it when it was back' },
  { seed: 103_383, clients: 3, was: 'a mount was over while its folder was moved: what was in it stayed as if it were new' },
  { seed: 104_660, clients: 4, was: 'what a reader could not put right on the server was tried again at once, for ever' },
  { seed: 536, clients: 4, was: 'two mounts swapped names while the server was asked about one: it was opened in the other' },
  { seed: 201_260, clients: 4, was: 'a drive was restored and shown no longer before its device had heard: what it forgot went from disk' },
  { seed: 100_697, clients: 4, was: 'two mounts swapped places while one became a folder: the other lost what it keeps in its folder' },
  { seed: 105_449, clients: 4, was: 'a mount was moved into a folder that was shared: its rows went to a drive that knows no mounts' },
  { seed: 109_369, clients: 3, was: 'what was deleted in a drive that was a folder before and after stayed' },
  { seed: 662_419_734, clients: 2, was: 'a role was taken and given again while nobody could take the mount away: its device never heard' },
  {
    seed: 670_447_574,
    clients: 4,
    was: 'a file that was saved twice within a moment went with its drive, as the drive had what was there before',
  },
  {
    seed: 670_431_485,
    clients: 4,
    was: 'what the journal told of below a folder that had come back and was gone again was remembered for ever',
  },
  {
    seed: 677_881_825,
    clients: 3,
    was: 'a mount was moved into a folder that could not be read, and something took its place: it counted as gone',
  },
  {
    seed: 686_055_214,
    clients: 3,
    was: 'a mount was moved into a drive that became a folder: what was out of the way in that moment counted as left by sync',
  },
  {
    seed: 685_989_431,
    clients: 4,
    was: 'what was replaced in a restored drive, of which a device had not heard, counted as others that nobody may keep',
  },
];

export const regressions: readonly Regression[] = [
  ...onSoundDisks.map((one) => ({ ...one, soundDisks: true })),
  ...onAnyDisks,
  ...whereDrivesAreShared.map((one) => ({ ...one, sharing: true })),
];
