import type { CheckWords } from './check-words.ts'

export const CHECKS_EN: CheckWords = {
  addresses: ({ list }) => `Addresses of this device: ${list ?? ''}`,
  'no-address': () =>
    'This device has no network address: check the cable, the switch, and the automatic addresses (DHCP) of the router',
  route: ({ via }) => `A default route is there (${via ?? ''})`,
  'no-route': () => 'There is no default route: nothing leaves this network; check the gateway',
  name: ({ host, addresses }) => `The name ${host ?? ''} is ${addresses ?? ''}`,
  'name-unknown': ({ host, code }) =>
    `The name ${host ?? ''} is not known (${code ?? ''}): check its spelling, and the DNS settings`,
  'name-silent': ({ host }) => `Asked for ${host ?? ''}, no name server answers: check the DNS settings`,
  port: ({ host, port, ms }) => `${host ?? ''} takes connections at port ${port ?? ''} (${ms ?? ''} ms)`,
  'port-refused': ({ host, port }) =>
    `${host ?? ''} refuses port ${port ?? ''}: the hall server does not run, or the port is wrong`,
  'port-silent': ({ host, port }) =>
    `${host ?? ''} says nothing at port ${port ?? ''}: it is off, or a firewall is in the way`,
  'port-unreachable': ({ host, code }) =>
    `${host ?? ''} cannot be reached (${code ?? ''}): check the network and the gateway`,
  hall: ({ ms }) => `The hall server answers (${ms ?? ''} ms)`,
  'hall-slow': ({ ms }) =>
    `The hall server answers slowly (${ms ?? ''} ms): every step of a citizen waits for it; check the line’s load`,
  'hall-silent': () => 'Connected, but the hall server does not answer within 4 s: ask whoever keeps it',
  'hall-cut': ({ code }) => `The hall server could not be asked (${code ?? ''})`,
  'hall-portal': ({ where }) =>
    `A sign-in page answers${where ? ` (${where})` : ''}, not the hall server: have the network let this device through`,
  'hall-proxy': ({ status }) =>
    `A proxy answers (HTTP ${status ?? ''}), not the hall server: have it let this device through`,
  'hall-certificate': ({ code }) =>
    `It cannot be told whether this is the hall server (certificate: ${code ?? ''}): check the address, hall.ca and hall.pin`,
  'hall-dates': ({ code }) =>
    `By this device’s clock the hall’s certificate is not valid (${code ?? ''}): check the clock first, then ask whether it has expired`,
  'hall-trouble': ({ code }) => `The hall server reports a fault (${code ?? ''}): ask whoever keeps it`,
  'hall-stranger': ({ status }) =>
    `Another service is at this address (HTTP ${status ?? ''}), not the hall server: check address and port`,
  'no-hall': () => 'No address of a hall server is set yet',
  now: ({ now }) => `This device says ${(now ?? '').slice(0, 19).replace('T', ' ')}`,
  'now-implausible': ({ year }) =>
    `This device says it is ${year ?? ''}, which cannot be right: set the clock; if each power cut does it, change the board’s battery`,
  offset: ({ offsetMs }, span) =>
    Number(offsetMs) === 0
      ? 'The same time as the hall'
      : `${span(Number(offsetMs))} ${Number(offsetMs) > 0 ? 'behind' : 'ahead of'} the hall`,
  'offset-unknown': () => 'The hall could not be asked for the time: check the network first',
  'time-service': ({ name }) => `Network time works (${name ?? ''})`,
  'time-service-waits': ({ name }) =>
    `Network time is on and not synchronised yet (${name ?? ''}): check that its server can be reached`,
  'time-service-off': () => 'Network time is off: run timedatectl set-ntp true',
  'time-service-none': () =>
    'No network time service was found, and the clock will drift: install systemd-timesyncd or chrony',
  zone: ({ zone, at }) => `Time zone ${zone ?? ''} (${at ?? ''})`,
  'zone-other': ({ zone, at }) =>
    `The time zone is ${zone ?? ''} (${at ?? ''}), not China’s: run timedatectl set-timezone Asia/Shanghai`,
  free: ({ freeMiB, totalMiB }) => `${freeMiB ?? ''} of ${totalMiB ?? ''} MiB of the disk are free`,
  'free-low': ({ freeMiB, totalMiB }) =>
    `Only ${freeMiB ?? ''} of ${totalMiB ?? ''} MiB of the disk are free: make room`,
  'disk-unreadable': ({ code }) => `The disk of the data folder cannot be read (${code ?? ''})`,
  'file-system': ({ kind, point }) => `File system ${kind ?? ''} (${point ?? ''})`,
  'file-system-unfit': ({ kind, point }) =>
    `The file system ${kind ?? ''} (${point ?? ''}) loses data at a power cut: put the data folder on a local disk with ext4 or the like`,
  'read-only': ({ point }) =>
    `${point ?? ''} is mounted read-only: the disk may have failed; check it and mount it again`,
  write: ({ ms }) => `Writing to the disk for good took ${ms ?? ''} ms`,
  'write-slow': ({ ms }) =>
    `Writing to the disk for good took ${ms ?? ''} ms, too long: it may be failing, or another program keeps it busy`,
  'write-failed': ({ code }) =>
    code === 'ENOSPC'
      ? 'Nothing can be written: the disk is full, make room'
      : `Nothing can be written (${code ?? ''}): check the disk and the rights`,
  life: ({ disk, percent }) =>
    percent === undefined
      ? `The disk ${disk ?? ''} finds itself in order`
      : `About ${percent}% of the life of the disk ${disk ?? ''} are used`,
  'life-ending': ({ disk, percent }) =>
    `About ${percent ?? ''}% of the life of the disk ${disk ?? ''} are used: have another ready`,
  'life-unknown': () =>
    'How worn the disk is cannot be read (it does not tell, or smartctl is not installed)',
  'disk-failing': ({ disk }) => `The disk ${disk ?? ''} says that it is about to fail: replace it now`,
}
