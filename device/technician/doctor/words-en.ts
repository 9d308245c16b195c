import { ADVICE } from './advice-en.ts'
import { PERIPHERALS, processName } from './phrases-en.ts'
import type { Words } from './words.ts'

export const EN: Words = {
  severities: { fault: 'Fault', warning: 'Warning', note: 'Note' },
  peripherals: PERIPHERALS,
  advice: ADVICE,
  page: {
    title: 'Window24 doctor',
    judgedFor: (user) => `rights of user ${user}`,
    tally: (faults, warnings) => `faults: ${faults}, warnings: ${warnings}`,
    nothingWrong: 'Nothing wrong was found.',
    nothingSeen: 'Nothing wrong was seen; who holds the ports is not visible to this user.',
    notJudged: 'This user may not read the configuration: its ports were not judged.',
    withoutConfiguration:
      'Without --config it only looks at what is plugged in; with a device.json it judges each port of it.',
    stops: 'Stops',
    todo: 'To do',
    run: 'Run',
    machine: 'This machine',
    configuration: (file) => `configuration ${file}`,
    device: (dataDir) => `The device with its data in ${dataDir}`,
    boundPorts: 'Ports of the configuration',
    inOrder: 'in order',
    serialPorts: 'Serial ports',
    hidDevices: 'USB HID devices',
    printers: 'Print queues',
    programs: 'Programs',
    none: 'none',
    usable: 'usable',
    forbidden: 'not permitted',
    rootOnly: 'root only',
    noNode: 'no node yet',
    heldBy: (holders) => `in use by ${holders}`,
    process: processName,
    printerStates: { idle: 'idle', processing: 'printing', stopped: 'stopped', unknown: 'state unknown' },
    notAccepting: 'takes no jobs',
    keyboard: 'keyboard',
    runs: (name, pids) =>
      pids.length === 0 ? `${name} is not running` : `${name} is running (process ${pids.join(', ')})`,
    cups: {
      answering: 'CUPS is running',
      down: 'CUPS is not running',
      silent: 'CUPS does not answer',
      'not-installed': 'CUPS is not installed',
    },
    hidLibrary: {
      working: 'the USB HID library works',
      missing: 'the USB HID library is missing',
      failed: 'the USB HID library does not work',
      silent: 'the USB HID library does not answer',
    },
    bindSerial: 'in device.json add the speed, as in ?baud=115200',
  },
  help: `window24 doctor: what is wrong with the ports and devices of this machine, and what to do

  window24 doctor [--config FILE] [--data DIR] [--user NAME] [--lang zh|en] [--json]
      only looks: writes to no port and opens no device; a tcp:// port that nobody
      uses is connected to for a moment
      --config  device.json; each of its ports is judged
      --data    the data folder of a device, running or not: what it says of its own health
      --user    whose rights are judged (by default whoever runs this; for root, window24)
      --lang    zh or en (by default what LANG says)
      --json    the result for a program
  window24 doctor --udev-rules
      prints the rules that give the ports to the device; their head says how to install them

  exit codes: 0 nothing wrong, 1 faults or warnings found, 2 wrong use
`,
  wrongUse: {
    lang: '--lang is zh or en',
    user: (name) => `this machine has no user ${name}`,
    argument: (said) => said,
  },
}
