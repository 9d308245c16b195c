/** Why a configuration file could not be opened, in English: pages and commands have words of their own for each code. */
import type { SetupFileFault } from '../../../sync/protocol/setup-file.ts'

export const WHY_CLOSED: Record<SetupFileFault, string> = {
  'no-setup-file': 'this is no configuration file of this software',
  'cut-in-half': 'the file is not whole: its end is missing. Save it again',
  altered: 'the file is damaged: something in it has changed on the way. Save it again',
  newer: 'a newer software made this file: update this device first',
  'for-the-hall':
    'this file is sealed for the hall: there "window24 hall setup-open" makes one with a passphrase of it',
  'for-another-hall': 'this file is sealed for another hall, or for a key that this one no longer has',
  'by-passphrase': 'this file opens with its passphrase',
  'wrong-passphrase': 'the passphrase is not the one that this file was sealed to',
}
