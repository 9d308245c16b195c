/** Faults of device servers, HID devices, folders and the configuration itself, planted. */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { KIOSK, type PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { deviceJsonWith } from './cabinet.ts'
import type { Planted } from './planted.ts'

export const PLANTED_OTHERS: Planted[] = [
  {
    fault: 'a device server refuses',
    plant: () => ['--config', deviceJsonWith({ scanner: { driver: 'serial', port: 'tcp://127.0.0.1:1' } })],
    finds: 'fault tcp-refused',
    zh: ['127.0.0.1:1 拒绝连接'],
    en: ['127.0.0.1:1 refuses'],
  },
  {
    fault: 'the name of a device server is unknown',
    plant: () => [
      '--config',
      deviceJsonWith({ scanner: { driver: 'serial', port: 'tcp://server.invalid:1' } }),
    ],
    finds: 'fault tcp-unknown-host',
    zh: ['网络上找不到 server.invalid'],
    en: ['The network knows no server.invalid'],
  },
  {
    fault: 'a running device has no connection to its device server',
    plant: (machine) => {
      machine.process('MainThread', ['node', '/usr/bin/window24', 'device'])
      return ['--config', deviceJsonWith({ scanner: { driver: 'serial', port: 'tcp://127.0.0.1:1' } })]
    },
    finds: 'warning tcp-not-connected',
    zh: ['没有连上 127.0.0.1:1'],
    en: ['no connection to 127.0.0.1:1'],
  },
  {
    fault: 'a HID reader is not plugged in, another model is',
    plant: (machine) => {
      machine.hid({ vendorId: '203B', productId: '0101' })
      return ['--config', deviceJsonWith({ idReader: { driver: 'sdt', port: 'hid:2B8B:2721' } })]
    },
    finds: 'fault hid-missing',
    zh: ['没有插着 hid:2B8B:2721', 'hid:203B:0101'],
    en: ['hid:2B8B:2721 is not plugged in', 'hid:203B:0101'],
  },
  {
    fault: 'two equal HID readers are plugged in',
    plant: (machine) => {
      for (const _ of 'ab') machine.hid({ vendorId: '2B8B', productId: '2721' })
      return ['--config', deviceJsonWith({ idReader: { driver: 'sdt', port: 'hid:2B8B:2721' } })]
    },
    finds: 'warning hid-twins',
    zh: ['2 个一样的 hid:2B8B:2721'],
    en: ['2 equal hid:2B8B:2721'],
  },
  {
    fault: 'the scanner’s own node of a composite device is closed, its keyboard’s is open',
    plant: (machine) => {
      const ids = { vendorId: '0C2E', productId: '0B61', serialNumber: 'S1' }
      machine.hid({ ...ids, usages: [[1, 6]], interface: 0, mode: 0o666 })
      machine.hid({ ...ids, usages: [[0x8c, 2]], interface: 1, mode: 0o600 })
      const config = deviceJsonWith({ scanner: { driver: 'hid-pos', port: 'hid:0C2E:0B61' } })
      return ['--config', config, '--user', KIOSK.name]
    },
    finds: 'fault port-forbidden',
    zh: [/不能读写\s*\S+hidraw1/],
    en: [/may not use\s+\S+hidraw1/],
    never: /HID-POS|equal|一样的/,
  },
  {
    fault: 'a scanner types like a keyboard',
    plant: (machine) => {
      machine.hid({ vendorId: '0C2E', productId: '0B61', usages: [[1, 6]] })
      return ['--config', deviceJsonWith({ scanner: { driver: 'hid-pos', port: 'hid:0C2E:0B61' } })]
    },
    finds: 'fault scanner-mode',
    zh: ['“键盘”模式', 'USB HID-POS'],
    en: ['keyboard mode', 'USB HID-POS'],
  },
  {
    fault: 'the library for USB HID is missing',
    plant: (machine) => {
      machine.loadHid = () => Promise.reject(new Error('libusb-1.0.so.0: cannot open'))
      return ['--config', deviceJsonWith({ idReader: { driver: 'sdt', port: 'hid:2B8B:2721' } })]
    },
    finds: 'fault hid-library-missing',
    zh: ['apt-get install libusb-1.0-0'],
    en: ['apt-get install libusb-1.0-0'],
  },
  {
    fault: 'the library for USB HID fails in a way of its own',
    plant: (machine) => {
      machine.loadHid = () => Promise.reject(new Error("Cannot find module 'node-hid'"))
      return ['--config', deviceJsonWith({ idReader: { driver: 'sdt', port: 'hid:2B8B:2721' } })]
    },
    finds: 'fault hid-library-failed',
    zh: [/重新安装夜窗[\s\S]*原文：Cannot\s*find module 'node-hid'/],
    en: [/does not work:\s+Cannot find module 'node-hid'/],
    never: /apt-get/,
  },
  {
    fault: 'a file stands where the folder for pages should be',
    plant: (machine) => {
      const path = join(machine.dev, 'pages')
      machine.file(path, '')
      return ['--config', deviceJsonWith({ pagePrinter: { driver: 'directory', port: `dir:${path}` } })]
    },
    finds: 'fault folder-is-none',
    zh: ['是文件，不是文件夹'],
    en: ['is a file, no folder'],
    never: /\$/,
  },
  {
    fault: 'a folder of the system is to take the pages',
    plant: () => [
      '--config',
      deviceJsonWith({ pagePrinter: { driver: 'directory', port: 'dir:/etc' } }),
      '--user',
      KIOSK.name,
    ],
    finds: 'fault folder-forbidden',
    zh: ['换一个文件夹'],
    en: ['choose another folder'],
    never: /chown/,
  },
  {
    fault: 'the folder for pages lies in a closed one',
    plant: (machine) => {
      const path = join(machine.dev, 'closed', 'pages')
      mkdirSync(path, { recursive: true })
      chmodSync(join(machine.dev, 'closed'), 0o700)
      const config = deviceJsonWith({ pagePrinter: { driver: 'directory', port: `dir:${path}` } })
      return ['--config', config, '--user', KIOSK.name]
    },
    finds: 'fault folder-forbidden',
    zh: [/上面的文件夹\s*\S+\/closed\s*不让他进/],
    en: [/may not go through\s+\S+\/closed/],
    never: /chown/,
  },
  {
    fault: 'the folder that pages go to is missing',
    plant: (machine) => {
      const path = join(machine.dev, 'pages')
      return ['--config', deviceJsonWith({ pagePrinter: { driver: 'directory', port: `dir:${path}` } })]
    },
    finds: 'fault folder-missing',
    zh: ['没有文件夹', 'install -d -m 0700 -o root'],
    en: ['There is no folder', 'install -d -m 0700 -o root'],
  },
  {
    fault: 'the folder that pages go to is not the user’s',
    plant: (machine) => {
      const path = join(machine.dev, "pages of 'a4'")
      mkdirSync(path)
      chmodSync(path, 0o755)
      const config = deviceJsonWith({ pagePrinter: { driver: 'directory', port: `dir:${path}` } })
      return ['--config', config, '--user', KIOSK.name]
    },
    finds: 'fault folder-forbidden',
    zh: ['不能写文件夹', '换一个文件夹'],
    en: ['may not write into', 'choose another folder'],
  },
  {
    fault: 'the configuration is cut off in its third line',
    plant: (machine) => configuration(machine, '{\n  "role": "terminal",\n  "device": {'),
    finds: 'fault configuration-no-json',
    zh: ['从第 3 行起不是 JSON'],
    en: ['no JSON from line 3 on'],
  },
  {
    fault: 'the configuration has a word without quotes in its second line',
    plant: (machine) => configuration(machine, `{ "role": "terminal",\n "device": token }${' '.repeat(99)}`),
    finds: 'fault configuration-no-json',
    zh: ['从第 2 行起不是 JSON'],
    en: ['no JSON from line 2 on'],
    never: /token/,
  },
  {
    fault: 'the configuration begins with the mark that editors on Windows write',
    plant: (machine) => configuration(machine, '\uFEFF{ "role": "terminal" }'),
    finds: 'fault configuration-bom',
    zh: ['BOM', /sed -i '1s\/\^\\xEF\\xBB\\xBF\/\/' \S+\/device\.json/],
    en: ['byte order mark', /sed -i '1s\/\^\\xEF\\xBB\\xBF\/\/' \S+\/device\.json/],
  },
  {
    fault: 'there is no such configuration',
    plant: () => ['--config', '/nowhere/device.json'],
    finds: 'fault configuration-unreadable',
    zh: ['读不了 /nowhere/device.json（ENOENT）'],
    en: ['/nowhere/device.json cannot be read (ENOENT)'],
  },
  {
    fault: 'one fault of the configuration hides no fault of a port',
    plant: () => [
      '--config',
      deviceJsonWith({
        scaner: { driver: 'serial' },
        scanner: { driver: 'serial', port: 'tcp://127.0.0.1:1', baud: 9600 },
        keypad: { driver: 'ff68', port: 'nonsense' },
      }),
    ],
    finds: 'fault tcp-refused',
    zh: ['有 4 处写得不对', 'peripherals.keypad.port 这一处不对。原文：', '127.0.0.1:1 拒绝连接'],
    en: ['has faults', 'did you mean scanner', '127.0.0.1:1 refuses'],
  },
  {
    fault: 'the configuration has a key that nobody knows',
    plant: () => ['--config', deviceJsonWith({ scaner: { driver: 'serial', port: 'tcp://127.0.0.1:1' } })],
    finds: 'fault configuration',
    zh: ['配置文件有 1 处写得不对', 'did you mean scanner'],
    en: ['The configuration has faults', 'did you mean scanner'],
  },
]

const configuration = (machine: PlantedMachine, text: string): string[] => {
  const file = join(machine.etc, 'device.json')
  machine.file(file, text)
  return ['--config', file]
}
