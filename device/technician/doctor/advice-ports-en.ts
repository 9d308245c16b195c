import { asRoot, installRules, PORT_GROUP, quoted } from './commands.ts'
import { holdersIn, PERIPHERALS, place, stop, stopping, values } from './phrases-en.ts'
import type { Words } from './words.ts'

/** About a port that a peripheral is bound to, or would be. */
export const PORT_ADVICE = {
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
    stop(`${path} is there, but it is no serial port.`, context, [
      `${place(context)} a real one; they are listed below.`,
    ]),
  'port-stuck': (_, context) =>
    stop('Looking at it did not come to an end.', context, [
      'A folder in the network: check the server and the line to it. Anything else: plug it in again, or restart the machine.',
    ]),
  'port-unstable': ({ path, better }, context) => ({
    what: `It is bound by ${path}, a name that changes: after replugging or a restart it may be another device.`,
    stops: 'Nothing yet; once the name has changed, this device is not found any more.',
    todo:
      better === null
        ? [
            'This machine makes no lasting names (/dev/serial has none). Install udev, then plug in again:',
            asRoot(context.shell, 'apt-get install udev'),
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
  'port-forbidden': ({ path, user, access, groupAtNextLogin }, context) => {
    const { decidedBy, owner, group, mode } = access
    const rights = `(${owner}:${group}, mode ${mode.toString(8)})`
    if (decidedBy !== path)
      return stop(
        `User ${user} may not use ${path}: folder ${decidedBy} is closed to this user ${rights}.`,
        context,
        [`${place(context)} a port by a name outside of ${decidedBy}; they are listed below.`],
      )
    const join = (to: string) => asRoot(context.shell, `usermod -aG ${quoted(to)} ${quoted(user)}`)
    return stop(
      `User ${user} may not use ${path} ${rights}.`,
      context,
      groupAtNextLogin
        ? [
            `${user} is in group ${group} already, but not in this login: log out and in again, or restart the device.`,
          ]
        : group !== 'root' && (mode & 0o060) === 0o060
          ? ['Put the user into the group, then log in again (or restart the device):', join(group)]
          : [
              'Install the rules, put the user into the group, then log in again (or restart the device):',
              ...installRules(context.shell, context.config),
              join(PORT_GROUP),
            ],
    )
  },
  'port-root-only': ({ path, access }, context) => ({
    what: `Only root may use ${path} (${access.owner}:${access.group}, mode ${access.mode.toString(8)}).`,
    stops:
      context.subject.kind === 'peripheral'
        ? 'Nothing while the device runs as root; as any other user it cannot open the port.'
        : 'Any other user who wants to open it.',
    todo: ['Install the rules:', ...installRules(context.shell, context.config)],
  }),
  'port-held': ({ path, holders }, context) =>
    holders.every(({ window24 }) => window24)
      ? stop(`${holders.length} devices of Window24 have ${path} open: ${holdersIn(holders)}.`, context, [
          'One port is for one device: stop the other, or change its configuration.',
        ])
      : stop(`${path} is held by another program: ${holdersIn(holders)}.`, context, [
          ...stopping(holders, context),
          'Then run this again.',
        ]),
  'port-shared': ({ others }, context) => ({
    what: `It is bound to the same port as the ${others.map((name) => PERIPHERALS[name]).join(', ')}.`,
    stops: 'Both: with two devices on one port neither is reliable.',
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
  'tcp-name-silent': ({ host }, context) =>
    stop(`No name server says where ${host} is.`, context, [
      'Write its IP address instead. Otherwise check the network cable and the name servers:',
      { command: 'cat /etc/resolv.conf' },
    ]),
  'tcp-refused': ({ address }, context) =>
    stop(`${address} refuses: the device server is there, but that port is closed or taken.`, context, [
      'On the web page of the device server look at port number, mode (TCP server) and number of connections.',
    ]),
  'tcp-no-answer': ({ address }, context) =>
    stop(`${address} does not answer.`, context, [
      'Check power, network cable and IP address of the device server:',
      { command: `ping -c 3 ${quoted(address.slice(0, address.lastIndexOf(':')))}` },
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
} satisfies Partial<Words['advice']>
