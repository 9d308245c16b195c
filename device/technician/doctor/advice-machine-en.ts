import { asRoot, installRules, lookAsRoot, quoted, STRIP_BOM } from './commands.ts'
import { holdersIn, stopping } from './phrases-en.ts'
import type { Context, Step, Words } from './words.ts'

/** About the configuration, and about the machine as a whole. */
export const MACHINE_ADVICE = {
  configuration: ({ lines }) => ({
    what: 'The configuration has faults, and the device will not start.',
    stops: 'The whole device.',
    todo: ['Do what each line says:', ...lines.map(({ place, detail }) => `${place}: ${detail}`)],
  }),
  'configuration-no-json': ({ line }) => ({
    what: `The configuration is no JSON from line ${line} on, and the device will not start.`,
    stops: 'The whole device.',
    todo: [`Check commas, quotes and braces in line ${line} and the one before it.`],
  }),
  'configuration-bom': ({ file }) => ({
    what: 'The configuration begins with a byte order mark, as editors on Windows write it, and the device will not start.',
    stops: 'The whole device.',
    todo: [
      'Save it as UTF-8 without BOM, or take the mark off:',
      { command: `${STRIP_BOM} ${quoted(file)}` },
    ],
  }),
  'configuration-unreadable': ({ file, code }) => ({
    what: `${file} cannot be read (${code}).`,
    stops: 'The whole device.',
    todo: ['Check the path behind --config: ENOENT says that there is no such file.'],
  }),
  'configuration-forbidden': ({ file, user }, { shell }) => ({
    what: `User ${user} may not read ${file}: none of its ports was judged.`,
    stops: 'Nothing; it says nothing of the device either.',
    todo: ['Look as root:', lookAsRoot(shell, null, file)],
  }),
  'hid-library-missing': (_, { shell }) => ({
    what: 'The library libusb-1.0-0, which USB HID needs, is missing.',
    stops: 'Readers and scanners on USB HID.',
    todo: [asRoot(shell, 'apt-get install libusb-1.0-0')],
  }),
  'hid-library-failed': ({ detail }) => ({
    what: `The program’s part for USB HID does not work: ${detail}.`,
    stops: 'Readers and scanners on USB HID.',
    todo: ['Install Window24 anew. If that does not help, pass this line on to whoever looks after it.'],
  }),
  'hid-silent': () => ({
    what: 'Listing the USB HID devices took too long.',
    stops: 'One USB device may be stuck and keep the others from opening.',
    todo: ['Unplug the USB devices one by one and try again, or restart the machine.'],
  }),
  'modem-manager': ({ ports }, context) => ({
    what: 'ModemManager is running and was not told to leave these serial ports alone:',
    names: ports,
    stops:
      'It opens them and probes for modems with AT commands: readers and printers get garbage, or cannot be opened.',
    todo: [
      'Install the rules, then restart it:',
      ...installRules(context.shell, context.config),
      asRoot(context.shell, 'systemctl restart ModemManager'),
      'Simpler, on a machine without a mobile modem:',
      asRoot(context.shell, 'apt-get purge modemmanager'),
    ],
  }),
  brltty: ({ ports }, context) => ({
    what: 'brltty (for braille displays) is running; it takes USB serial adapters for displays:',
    names: ports,
    stops: 'A port vanishes all at once, and the device that is bound to it is lost.',
    todo: freeFromBrltty(context),
  }),
  'usb-claimed': ({ device, holders }, context) => ({
    what: `The USB serial adapter ${device} is plugged in but has no port: ${holders.length === 0 ? 'some program' : holdersIn(holders)} has taken it.`,
    stops: 'The device at the other end of that cable.',
    todo:
      holders.length === 0 || holders.some(({ name }) => name === 'brltty')
        ? freeFromBrltty(context)
        : [...stopping(holders, context), 'Then unplug and plug in again.'],
  }),
  'holders-unseen': ({ processes, user }, { shell, config }) => ({
    what: `${processes} processes cannot be looked into, most of them of other users: which ports they hold cannot be seen.`,
    stops: 'Nothing; only a holder of a port may be missing above.',
    todo: ['To see all, run it as root:', lookAsRoot(shell, user, config)],
  }),
} satisfies Partial<Words['advice']>

const freeFromBrltty = ({ shell, config }: Context): readonly Step[] => [
  'Without a braille display, remove it, then unplug and plug in again:',
  asRoot(shell, 'apt-get purge brltty'),
  'With one, install the rules, then unplug and plug in again. Some displays have the chips of these adapters: brltty does not start by itself for such a one any more, and has to be told of it in /etc/brltty.conf.',
  ...installRules(shell, config),
]
