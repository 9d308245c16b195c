/** Faults of serial ports and their neighbours (field rows 4, 10, 12, 13), planted. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { KIOSK } from '../../../drivers/discovery/planted-machine.ts'
import { deviceJsonWith } from './cabinet.ts'
import { BY_ID, byId, type Planted, reader, serviceOf } from './planted.ts'

export const PLANTED_PORTS: Planted[] = [
  {
    fault: 'field row 4: a port is bound by a name that changes',
    plant: (machine) => reader(machine, machine.serial({ byId: BY_ID, serialNumber: 'A10K' })),
    finds: 'warning port-unstable',
    zh: ['这个名字会变', 'peripherals.idReader.port', new RegExp(`serial:\\S+/${BY_ID}\\?baud=115200`)],
    en: [
      'a name that changes',
      'peripherals.idReader.port',
      new RegExp(`serial:\\S+/${BY_ID}\\?baud=115200`),
    ],
  },
  {
    fault: 'field row 4: the same, of an adapter that has a twin',
    plant: (machine) => {
      machine.serial({ byPath: 'pci-usb-2' })
      return reader(machine, machine.serial({ byId: 'usb-1a86-if00', byPath: 'pci-usb-1' }))
    },
    finds: 'warning port-unstable',
    zh: [/serial:\S+by-path\/pci-usb-1\?baud=115200/],
    en: [/serial:\S+by-path\/pci-usb-1\?baud=115200/],
  },
  {
    fault: 'field row 4: the same, where udev makes no lasting names',
    plant: (machine) => reader(machine, machine.serial()),
    finds: 'warning port-unstable',
    zh: ['apt-get install udev'],
    en: ['apt-get install udev'],
  },
  {
    fault: 'field row 4: two equal adapters without serial numbers share the name that is bound',
    plant: (machine) => {
      machine.serial({ byPath: 'pci-usb-2' })
      machine.serial({ byId: BY_ID, byPath: 'pci-usb-1' })
      return reader(machine, byId(machine))
    },
    finds: 'warning port-ambiguous',
    zh: ['都没有序列号', /by-path\/pci-usb-1\?baud=115200/],
    en: ['without serial numbers', /by-path\/pci-usb-1\?baud=115200/],
  },
  {
    fault: 'a port is not plugged in, another is',
    plant: (machine) => {
      machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      return reader(machine, join(machine.dev, 'serial/by-id/usb-other'))
    },
    finds: 'fault port-missing',
    zh: ['没插上', BY_ID],
    en: ['not plugged in', BY_ID],
  },
  {
    fault: 'a lasting name leads nowhere',
    plant: (machine) => {
      const link = join(machine.dev, 'my-reader')
      symlinkSync('ttyUSB9', link)
      return reader(machine, link)
    },
    finds: 'fault port-missing',
    zh: ['指向的设备没有插上'],
    en: ['stands for is not plugged in'],
  },
  {
    fault: 'a plain file stands where a port should',
    plant: (machine) => {
      const path = join(machine.dev, 'ttyUSB0')
      machine.file(path, '')
      return reader(machine, path)
    },
    finds: 'fault port-not-a-device',
    zh: ['不是串口'],
    en: ['it is no serial port'],
  },
  {
    fault: 'a character device that is no serial port is bound as one',
    plant: (machine) => reader(machine, '/dev/null'),
    finds: 'fault port-not-a-device',
    zh: ['/dev/null 在，但不是串口'],
    en: ['/dev/null is there, but it is no serial port'],
    never: /kill/,
  },
  {
    fault: 'field row 10: a port is held by several programs',
    plant: (machine) => {
      const node = machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      for (const name of ['minicom', 'screen']) machine.process(name, [name], [node])
      return reader(machine, byId(machine))
    },
    finds: 'fault port-held',
    zh: ['先看哪个可以停', 'ps -o pid,user,unit,comm -p 4001,4002'],
    en: ['which of them can be spared', 'ps -o pid,user,unit,comm -p 4001,4002'],
    never: /kill/,
  },
  {
    fault: 'field row 10: a port is held by the login that systemd starts on it, again and again',
    plant: (machine) => {
      const node = machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      machine.process('agetty', ['/sbin/agetty'], [node], serviceOf('serial-getty@ttyUSB0'))
      return reader(machine, byId(machine))
    },
    finds: 'fault port-held',
    zh: ['系统服务', 'systemctl stop serial-getty@ttyUSB0.service'],
    en: ['A service holds it', 'systemctl stop serial-getty@ttyUSB0.service'],
    never: /kill/,
  },
  {
    fault: 'field row 10: a port is held by another program',
    plant: (machine) => {
      const node = machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      machine.process('minicom', ['minicom', '-D', node], [node])
      return reader(machine, byId(machine))
    },
    finds: 'fault port-held',
    zh: ['被别的程序占着：minicom（进程 4001）', 'kill 4001'],
    en: ['held by another program: minicom (process 4001)', 'kill 4001'],
  },
  {
    fault: 'field row 10: a port is held by a service, which would come back if it were killed',
    plant: (machine) => {
      const node = machine.serial({ byId: BY_ID, serialNumber: 'A10K', marks: ['E:ID_MM_DEVICE_IGNORE=1'] })
      machine.process('ModemManager', ['/usr/sbin/ModemManager'], [node], serviceOf('ModemManager'))
      return reader(machine, byId(machine))
    },
    finds: 'fault port-held',
    zh: ['systemctl stop ModemManager'],
    en: ['systemctl stop ModemManager'],
  },
  {
    fault: 'field row 10: two devices of this product have one port',
    plant: (machine) => {
      const node = machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      for (const _ of 'ab') machine.process('MainThread', ['node', '/usr/bin/window24', 'device'], [node])
      return reader(machine, byId(machine))
    },
    finds: 'fault port-held',
    zh: ['2 个夜窗设备程序同时开着'],
    en: ['2 devices of Window24 have'],
  },
  {
    fault: 'field row 12: only a group that the user is not in may use the port',
    plant: (machine) => {
      machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      const args = reader(machine, byId(machine))
      machine.groups('')
      return args
    },
    finds: 'fault port-forbidden',
    zh: ['用户 kiosk 不能读写', 'root:dialout，权限 660', 'usermod -aG dialout kiosk'],
    en: ['User kiosk may not use', 'root:dialout, mode 660', 'usermod -aG dialout kiosk'],
  },
  {
    fault: 'field row 12: nobody but root may use a HID reader',
    plant: (machine) => {
      machine.hid({ vendorId: '2B8B', productId: '2721', mode: 0o600 })
      return [
        '--config',
        deviceJsonWith({ idReader: { driver: 'sdt', port: 'hid:2B8B:2721' } }),
        '--user',
        KIOSK.name,
      ]
    },
    finds: 'fault port-forbidden',
    zh: ['不能读写', '--udev-rules', 'udevadm control --reload', 'usermod -aG dialout kiosk'],
    en: ['may not use', '--udev-rules', 'udevadm control --reload', 'usermod -aG dialout kiosk'],
  },
  {
    fault: 'field row 12: it works because root runs it',
    plant: (machine) => {
      machine.serial({ byId: BY_ID, serialNumber: 'A10K', mode: 0o600, gid: 0 })
      return reader(machine, byId(machine)).slice(0, 2)
    },
    finds: 'warning port-root-only',
    zh: ['只有 root 能用', '--udev-rules'],
    en: ['Only root may use', '--udev-rules'],
  },
  {
    fault: 'field row 13: ModemManager was not told to leave the port alone',
    plant: (machine) => {
      machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      machine.process('ModemManager', ['/usr/sbin/ModemManager'])
      return reader(machine, byId(machine))
    },
    finds: 'warning modem-manager',
    zh: ['ModemManager 在运行', BY_ID, 'systemctl restart ModemManager'],
    en: ['ModemManager is running', BY_ID, 'systemctl restart ModemManager'],
  },
  {
    fault: 'field row 13: brltty runs beside a USB serial port',
    plant: (machine) => {
      machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      machine.process('brltty', ['/usr/bin/brltty'])
      return reader(machine, byId(machine))
    },
    finds: 'warning brltty',
    zh: ['brltty', '点显器', 'apt-get purge brltty'],
    en: ['brltty', 'braille', 'apt-get purge brltty'],
  },
  {
    fault: 'field row 13: brltty has taken the adapter',
    plant: (machine) => {
      const node = machine.claimedUsb({ vendorId: '10c4', productId: 'ea60', product: 'CP2102' })
      machine.process('brltty', ['/usr/bin/brltty'], [node])
      return reader(machine, byId(machine))
    },
    finds: 'fault usb-claimed',
    zh: ['10C4:EA60 Silicon Labs CP210x', '没有端口', 'brltty（进程 4001）', 'apt-get purge brltty'],
    en: ['10C4:EA60 Silicon Labs CP210x', 'has no port', 'brltty (process 4001)', 'apt-get purge brltty'],
  },
  {
    fault: 'two peripherals are bound to one port under two names',
    plant: (machine) => {
      const node = machine.serial({ byId: BY_ID, serialNumber: 'A10K' })
      machine.groups(KIOSK.name)
      const config = deviceJsonWith({
        idReader: { driver: 'sdt', port: `serial:${byId(machine)}?baud=115200` },
        scanner: { driver: 'serial', port: `serial:${node}?baud=9600` },
      })
      return ['--config', config, '--user', KIOSK.name]
    },
    finds: 'fault port-shared',
    zh: ['和身份证阅读器绑在同一个端口上'],
    en: ['bound to the same port as the ID card reader'],
  },
]
