/** Faults of device servers, HID devices, folders and the configuration itself, planted. */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { KIOSK } from '../../../drivers/discovery/planted-machine.ts'
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
    fault: 'a scanner types like a keyboard',
    plant: (machine) => {
      machine.hid({ vendorId: '0C2E', productId: '0B61', usagePage: 1, usage: 6 })
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
    zh: ['sudo apt-get install libusb-1.0-0'],
    en: ['sudo apt-get install libusb-1.0-0'],
  },
  {
    fault: 'the folder that pages go to is missing',
    plant: (machine) => {
      const path = join(machine.dev, 'pages')
      return ['--config', deviceJsonWith({ pagePrinter: { driver: 'directory', port: `dir:${path}` } })]
    },
    finds: 'fault folder-missing',
    zh: ['没有文件夹', 'sudo install -d -o root'],
    en: ['There is no folder', 'sudo install -d -o root'],
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
    zh: [/sudo chown kiosk '\S+\/pages of '\\''a4'\\'''/],
    en: [/sudo chown kiosk '\S+\/pages of '\\''a4'\\'''/],
  },
  {
    fault: 'the configuration has a key that nobody knows',
    plant: () => ['--config', deviceJsonWith({ scaner: { driver: 'serial', port: 'tcp://127.0.0.1:1' } })],
    finds: 'fault configuration',
    zh: ['配置文件有错', 'did you mean scanner'],
    en: ['The configuration has faults', 'did you mean scanner'],
  },
]
