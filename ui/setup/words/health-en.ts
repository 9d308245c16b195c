import { counted } from '../../shared/format.ts'
import type { HealthPageWords } from './health-zh.ts'

export const healthEn: HealthPageWords = {
  faults: {
    title: 'What is wrong now',
    none: 'Nothing wrong was found.',
    noneHint: 'What has lasted for a while is listed here; a blip is not.',
    severities: { fault: 'Fault', warning: 'Warning' },
    since: (time) => `since ${time}`,
    stops: 'Stops',
    todo: 'To do',
    toPeripherals: 'To the peripherals',
    toDevice: 'To the device',
    toConfiguration: 'To the configuration',
  },
  checks: {
    title: 'Checks',
    all: 'Check all',
    names: { network: 'network', clock: 'clock', storage: 'storage' },
    run: (name) => `Check the ${name}`,
    again: (name) => `Check the ${name} again`,
    hints: {
      network: 'Addresses, route, name, and each step to the hall server',
      clock: 'The time here, the difference to the hall, network time, the time zone',
      storage: 'Room, how fast it keeps what is written, file system, how worn the disk is',
    },
    trying: (name) => `Checking the ${name}, for 5 s at most`,
    at: (time) => `checked ${time}`,
  },
  backlog: {
    title: 'Records that wait for the hall',
    none: 'The hall has them all.',
    waiting: (count) => `${counted(count, 'record waits', 'records wait')}`,
    oldest: (time) => `The oldest of them: ${time}`,
    aside: (count) => `${counted(count, 'record was', 'records were')} refused by the hall and set aside`,
    asideHint:
      'They are still kept here. Remove the cause first (most likely the hall server’s software is older than the device’s), then send them again.',
    sendAgain: 'Send again',
    record: (epoch, sequence) => `Epoch ${epoch}, record ${sequence}`,
    reason: (code) => `reason: ${code}`,
    more: (count) => `${count} more are not listed`,
    reasons: {
      schema: 'the hall does not know what is in it',
      damaged: 'this one is damaged on the disk here and cannot be sent any more',
      hash: 'the hall computes another checksum',
    },
  },
  log: {
    title: 'Log of this device',
    hint: 'The newest on top. Nothing of anybody’s data is in it.',
    none: 'Nothing yet.',
    more: (count) => `Show ${counted(count, 'more line', 'more lines')}`,
    troubleOnly: 'Warnings and errors only',
    levels: { info: 'info', warn: 'warning', error: 'error' },
  },
}
