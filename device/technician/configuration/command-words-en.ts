/** What `window24 setup` says in English; the other language has the same keys. */
import type { SetupFileFault } from '../../../sync/protocol/setup-file.ts'
import { WHY_CLOSED } from './why-closed.ts'

export const EN = {
  help: `window24 setup: the configuration of a device as a sealed file, for others of its kind

  window24 setup export --config FILE --data DIR --out FILE (--passphrase-file F | --for-hall)
      writes the configuration without name, window, enrolment code and keys of this device. The tokens of
      the window's systems go along: the file is always sealed
      --config           device.json
      --data             the folder of this device
      --out              the file to write, or a folder for it to go into
      --passphrase-file  the passphrase is its first line, 8 to 128 characters; - reads the standard input
      --for-hall         only the hall opens it: window24 hall setup-open makes a file with a passphrase of it

  window24 setup import FILE --config FILE --data DIR --passphrase-file F [--name N] [--window W] [--pin-file F] [--without-missing]
      makes it the configuration of this device, as a new version that /setup/ can undo
      --name             of this device; needed where it has none yet
      --window           the number of its window; needed on a pad that has none yet
      --pin-file         the PIN for /setup/ is its first line, where nobody has chosen one at this device yet;
                         without it the PIN is chosen at the screen before the hall enrols the device
      --without-missing  leaves out the peripherals that are not plugged in here

  --lang zh|en           the language of what is printed
  exit codes: 0 done, 1 fault found, 2 wrong use
`,
  wrong: {
    command: (name: string) => `there is "export" and "import", not "${name}"`,
    noCommand: '"export" or "import" is missing',
    argument: (message: string) => message,
    lang: '--lang is zh or en',
    config: '--config FILE is needed: the device.json of this device',
    data: '--data DIR is needed: the folder that this device keeps everything in',
    out: '--out FILE is needed: where the file goes',
    lock: 'one of --passphrase-file F and --for-hall is needed, and only one: a file is always sealed',
    passphraseFile: '--passphrase-file F is needed: the passphrase that the file was sealed to',
    passphrase: 'a passphrase has 8 to 128 characters',
    file: 'FILE is missing: the configuration file',
    oneFile: 'one FILE is imported at a time',
    thereAlready: (path: string) => `${path} is there already: give another name`,
    name: '--name N is needed: this device has no name yet',
    pin: 'a PIN is 6 to 12 digits that nobody tries first, neither a row nor a pattern; nothing was imported',
    window: '--window W is needed: a pad stands at a window, give its number',
  },
  cannotRead: (path: string, code: string) => `${path} cannot be read (${code})`,
  cannotWrite: (path: string, code: string) => `${path} cannot be written (${code}); nothing was left there`,
  notEnrolled: 'this device is not enrolled: it has no hall to seal for',
  nothing: (path: string) => `${path} holds no configuration of a device yet`,
  unsound: (path: string) => `${path} has faults; mend them first:`,
  exported: (path: string) => `${path} is written`,
  closed: WHY_CLOSED as Record<SetupFileFault, string>,
  tooLarge: 'the file is too large to be one of ours',
  faults: 'it cannot be imported here:',
  missing: 'not plugged in here (--without-missing imports the rest):',
  refused: 'it was not imported:',
  nothingNew: 'it says what stands here already; nothing has changed',
  imported: (number: number) => `imported as version ${number}; changed:`,
  pin: {
    given: 'The PIN for /setup/ is set.',
    stays: 'The PIN for /setup/ stays the one that this device has.',
    none: 'There is no PIN for /setup/ yet: choose it at the screen before the hall enrols this device, or import again with --pin-file. Afterwards only a code of the hall leads in.',
  },
  restart: 'A device that runs takes it up when it is started anew.',
}
export type CommandWords = typeof EN
