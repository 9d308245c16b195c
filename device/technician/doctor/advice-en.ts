import { installRules, lookAsRoot, PORT_GROUP, quoted, stopCommands } from './commands.ts'
import type { PeripheralName } from './findings.ts'
import type { Advice, Context, Step, Words } from './words.ts'

export const PERIPHERALS: Record<PeripheralName, string> = {
  idReader: 'ID card reader',
  scanner: 'scanner',
  receiptPrinter: 'receipt printer',
  pagePrinter: 'A4 printer',
  keypad: 'keypad',
}

export const processName = (name: string, pid: number): string => `${name} (process ${pid})`

const holdersIn = (holders: readonly { name: string; pid: number }[]): string =>
  holders.map(({ name, pid }) => processName(name, pid)).join(', ')

/** Which line of the configuration. */
const place = ({ subject }: Context): string =>
  subject.kind === 'peripheral'
    ? `In device.json, make peripherals.${subject.name}.port`
    : 'When you bind it, write'

const values = (names: readonly string[]): Step[] => names.map((value) => ({ value }))

const without = ({ subject }: Context): string =>
  subject.kind === 'peripheral'
    ? `The ${PERIPHERALS[subject.name]}; everything else goes on working.`
    : 'Whatever is bound to it.'

const stop = (what: string, context: Context, todo: readonly Step[]): Advice => ({
  what,
  stops: without(context),
  todo,
})

export const ADVICE: Words['advice'] = {
  configuration: ({ lines }) => ({
    what: 'The configuration has faults, and the device will not start.',
    stops: 'The whole device.',
    todo: ['Do what each line says:', ...lines],
  }),
  'port-missing': ({ path, dangling, candidates }, context) =>
    stop(
      dangling
        ? `What ${path} stands for is not plugged in.`
        : `There is no ${path}: not plugged in, without power, or the name is wrong.`,
      context,
      candidates.length === 0
        ? ['Check the USB cable and the power; then run this again.']
        : [
            'Check the USB cable and the power. If the name is wrong, plugged in now are',
            ...values(candidates),
          ],
    ),
  'port-not-a-device': ({ path }, context) =>
    stop(`${path} is no serial port but a plain file or folder.`, context, [
      `${place(context)} a real one; they are listed below.`,
    ]),
  'port-unstable': ({ path, better }, context) => ({
    what: `It is bound by ${path}, a name that changes: after replugging or a restart it may be another device.`,
    stops: 'Nothing yet; once the name has changed, this device is not found any more.',
    todo:
      better === null
        ? [
            'This machine makes no lasting names (/dev/serial has none). Install udev, then plug in again:',
            { command: 'sudo apt-get install udev' },
          ]
        : [place(context), { value: better }],
  }),
  'port-ambiguous': ({ path, better }, context) => ({
    what: `Two equal adapters without serial numbers are plugged in: ${path} may mean either.`,
    stops: 'After a restart two devices may have changed places.',
    todo:
      better === null
        ? ['Use an adapter that has a serial number.']
        : [`Bind it by its socket, and leave it in that socket. ${place(context)}`, { value: better }],
  }),
  'port-forbidden': ({ path, user, access, groupAtNextLogin }, context) =>
    stop(
      `User ${user} may not use ${path} (${access.owner}:${access.group}, mode ${access.mode.toString(8)}).`,
      context,
      groupAtNextLogin
        ? [
            `${user} is in group ${access.group} already, but not in this login: log out and in again, or restart the device.`,
          ]
        : access.group !== 'root' && (access.mode & 0o060) === 0o060
          ? [
              'Put the user into the group, then log in again (or restart the device):',
              { command: `sudo usermod -aG ${quoted(access.group)} ${quoted(user)}` },
            ]
          : [
              'Install the rules, put the user into the group, then log in again (or restart the device):',
              ...installRules(context.config),
              { command: `sudo usermod -aG ${PORT_GROUP} ${quoted(user)}` },
            ],
    ),
  'port-root-only': ({ path, access }, context) => ({
    what: `Only root may use ${path} (${access.owner}:${access.group}, mode ${access.mode.toString(8)}).`,
    stops:
      context.subject.kind === 'peripheral'
        ? 'Nothing while the device runs as root; as any other user it cannot open the port.'
        : 'Any other user who wants to open it.',
    todo: ['Install the rules:', ...installRules(context.config)],
  }),
  'port-held': ({ path, holders }, context) =>
    holders.every(({ window24 }) => window24)
      ? stop(`${holders.length} devices of Window24 have ${path} open: ${holdersIn(holders)}.`, context, [
          'One port is for one device: stop the other, or change its configuration.',
        ])
      : stop(`${path} is held by another program: ${holdersIn(holders)}.`, context, [
          'Stop that program, then run this again:',
          ...stopCommands(holders),
        ]),
  'port-shared': ({ others }, context) => ({
    what: `It is bound to the same port as the ${others.map((name) => PERIPHERALS[name]).join(', ')}.`,
    stops: 'Both: two devices on one port are reliable neither.',
    todo: [`${place(context)} its own; the ports are listed below.`],
  }),
  'port-stalled': ({ path }) => ({
    what: `Nobody takes the bytes that are written to ${path}.`,
    stops: 'The device gives up on it and opens it anew, over and over.',
    todo: [
      'If it is a printer at work, wait. Otherwise switch it off for ten seconds, and check its cable and its flow control (RTS/CTS, XON/XOFF).',
    ],
  }),
  'tcp-unknown-host': ({ host }, context) =>
    stop(`The network knows no ${host}.`, context, [
      'Write its IP address instead, or mend the DNS:',
      { command: `getent hosts ${quoted(host)}` },
    ]),
  'tcp-refused': ({ address }, context) =>
    stop(`${address} refuses: the device server is there, but that port is closed or taken.`, context, [
      'On the web page of the device server look at port number, mode (TCP server) and number of connections.',
    ]),
  'tcp-no-answer': ({ address }, context) =>
    stop(`${address} does not answer.`, context, [
      'Check power, network cable and IP address of the device server:',
      { command: `ping -c 3 ${quoted(hostOf(address))}` },
    ]),
  'tcp-not-connected': ({ address }, context) =>
    stop(`The device is running but has no connection to ${address}.`, context, [
      'Check power and network cable of the device server. If you have just plugged it in, run this again in a few seconds.',
    ]),
  'hid-missing': ({ device, candidates }, context) =>
    stop(`${device} is not plugged in.`, context, [
      'Check the USB cable and the power; then run this again.',
      ...(candidates.length === 0
        ? []
        : ['If it is another model now, plugged in are', ...values(candidates)]),
    ]),
  'hid-twins': ({ device, count }) => ({
    what: `${count} equal ${device} are plugged in, and nothing tells them apart.`,
    stops: 'Nothing yet; the one with the lowest number is used, and after a restart that may be the other.',
    todo: ['Leave one.'],
  }),
  'scanner-mode': ({ device, asKeyboard }, context) =>
    stop(
      asKeyboard
        ? `${device} is in keyboard mode: a code would be typed into the screen.`
        : `${device} is not in HID-POS mode.`,
      context,
      ['Scan the code “USB HID-POS” in the manual of the scanner.'],
    ),
  'hid-library-missing': () => ({
    what: 'The library libusb-1.0-0, which USB HID needs, is missing.',
    stops: 'Readers and scanners on USB HID.',
    todo: [{ command: 'sudo apt-get install libusb-1.0-0' }],
  }),
  'hid-silent': () => ({
    what: 'Listing the USB HID devices took too long.',
    stops: 'One USB device may be stuck and keep the others from opening.',
    todo: ['Unplug the USB devices one by one and try again, or restart the machine.'],
  }),
  'modem-manager': ({ ports }, context) => ({
    what: 'ModemManager is running and was not told to leave these serial ports alone:',
    names: ports,
    stops: 'It opens them and dials: readers and printers get garbage, or cannot be opened.',
    todo: [
      'Install the rules, then restart it:',
      ...installRules(context.config),
      { command: 'sudo systemctl restart ModemManager' },
      'Simpler, on a machine without a mobile modem:',
      { command: 'sudo apt-get purge modemmanager' },
    ],
  }),
  brltty: ({ ports }, context) => ({
    what: 'brltty (for braille displays) is running; it takes USB serial adapters for displays:',
    names: ports,
    stops: 'A port vanishes all at once, and the device that is bound to it is lost.',
    todo: freeFromBrltty(context.config),
  }),
  'usb-claimed': ({ device, holders }, context) => ({
    what: `The USB serial adapter ${device} is plugged in but has no port: ${holders.length === 0 ? 'some program' : holdersIn(holders)} has taken it.`,
    stops: 'The device at the other end of that cable.',
    todo:
      holders.length === 0 || holders.some(({ name }) => name === 'brltty')
        ? freeFromBrltty(context.config)
        : ['Stop that program, then unplug and plug in again:', ...stopCommands(holders)],
  }),
  'cups-down': (_, context) => ({
    what: 'The print service CUPS is not running.',
    stops:
      context.subject.kind === 'peripheral'
        ? 'Printing on A4.'
        : 'Printing on A4, if a print queue is to be used.',
    todo: [{ command: 'sudo systemctl start cups' }],
  }),
  'cups-silent': () => ({
    what: 'The print service CUPS does not answer.',
    stops: 'Printing on A4.',
    todo: [{ command: 'sudo systemctl restart cups' }],
  }),
  'cups-absent': () => ({
    what: 'The print service CUPS is not installed.',
    stops: 'Printing on A4.',
    todo: [{ command: 'sudo apt-get install cups' }],
  }),
  'cups-keeps-files': () => ({
    what: 'CUPS keeps the files that it has printed (PreserveJobFiles).',
    stops: 'Nothing, but papers of citizens stay on the disk.',
    todo: [{ command: 'sudo cupsctl PreserveJobFiles=No' }],
  }),
  'queue-policy': ({ queue, policy }) => ({
    what: `After an error, queue ${queue} does ${policy}.`,
    stops: 'What failed for want of paper stays there, and prints at refill when nobody waits for it.',
    todo: [{ command: `sudo lpadmin -p ${quoted(queue)} -o printer-error-policy=abort-job` }],
  }),
  'printer-backlog': ({ queue, here, jobs }) => ({
    what: `Unprinted papers wait at ${queue}: ${jobs}.`,
    stops: 'They all come out once the printer works again, perhaps for nobody.',
    todo: [
      here
        ? 'If it is printing, wait; if nobody waits for them, clear them:'
        : 'If it is printing, wait; if nobody waits for them, clear them at the printer.',
      ...(here ? [{ command: `sudo cancel -a -x ${quoted(queue)}` }] : []),
    ],
  }),
  'printer-stopped': ({ queue, here, reasons }) => ({
    what: `Printer ${queue} has stopped${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}.`,
    stops: 'Printing on A4.',
    todo: [
      here
        ? 'Fill in paper, clear the jam, close the cover; then:'
        : 'Fill in paper, clear the jam, close the cover.',
      ...(here ? [{ command: `sudo cupsenable ${quoted(queue)}` }] : []),
    ],
  }),
  'printer-refusing': ({ queue, here }) => ({
    what: `Printer ${queue} takes no jobs.`,
    stops: 'Printing on A4.',
    todo: here ? [{ command: `sudo cupsaccept ${quoted(queue)}` }] : ['See what its panel says.'],
  }),
  'printer-absent': ({ url, candidates }, context) =>
    stop(`There is no printer at ${url}.`, context, [
      ...(candidates.length === 0
        ? [
            'Make a queue first:',
            { command: 'sudo lpadmin -p a4 -E -m everywhere -v ipp://PRINTER/ipp/print' },
          ]
        : [place(context), ...values(candidates)]),
    ]),
  'printer-unreachable': ({ url, detail }, context) =>
    stop(`The printer at ${url} cannot be reached (${detail}).`, context, [
      'Check its power, its network cable and its address.',
    ]),
  'folder-missing': ({ path, user }, context) =>
    stop(`There is no folder ${path}.`, context, [
      { command: `sudo install -d -o ${quoted(user)} ${quoted(path)}` },
    ]),
  'folder-forbidden': ({ path, user }, context) =>
    stop(`User ${user} may not write into ${path}.`, context, [
      { command: `sudo chown ${quoted(user)} ${quoted(path)}` },
    ]),
  'holders-unseen': ({ processes, user }, context) => ({
    what: `${processes} processes belong to other users: which ports they hold cannot be seen.`,
    stops: 'Nothing; only a holder of a port may be missing above.',
    todo: ['To see all, run it as root:', lookAsRoot(user, context.config)],
  }),
}

const freeFromBrltty = (config: string | null): readonly Step[] => [
  'Without a braille display, remove it, then unplug and plug in again:',
  { command: 'sudo apt-get purge brltty' },
  'With one, install the rules, then unplug and plug in again:',
  ...installRules(config),
]

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'))
