import type { CheckWords } from './check-words.ts'

export const CHECKS_ZH: CheckWords = {
  addresses: ({ list }) => `本机地址：${list ?? ''}`,
  'no-address': () => '本机没有网络地址：检查网线、交换机和路由器的自动分配（DHCP）',
  route: ({ via }) => `有默认路由（${via ?? ''}）`,
  'no-route': () => '没有默认路由：本机出不了这一段网络，检查网关设置',
  name: ({ host, addresses }) => `域名 ${host ?? ''} 解析为 ${addresses ?? ''}`,
  'name-unknown': ({ host, code }) =>
    `域名 ${host ?? ''} 查不到（${code ?? ''}）：检查域名有没有写错，以及 DNS 设置`,
  'name-silent': ({ host }) => `查询域名 ${host ?? ''} 没有回应：检查 DNS 服务器`,
  port: ({ host, port, ms }) => `${host ?? ''} 的端口 ${port ?? ''} 能连上（${ms ?? ''} 毫秒）`,
  'port-refused': ({ host, port }) =>
    `${host ?? ''} 拒绝端口 ${port ?? ''}：大厅服务器没有运行，或者端口写错了`,
  'port-silent': ({ host, port }) =>
    `${host ?? ''} 的端口 ${port ?? ''} 没有回应：服务器关着，或者防火墙挡住了`,
  'port-unreachable': ({ host, code }) => `到不了 ${host ?? ''}（${code ?? ''}）：检查网络和网关`,
  hall: ({ ms }) => `大厅服务器有回应（${ms ?? ''} 毫秒）`,
  'hall-slow': ({ ms }) => `大厅服务器回应很慢（${ms ?? ''} 毫秒）：群众每一步都要等，检查线路是否拥堵`,
  'hall-silent': () => '连上了，但大厅服务器没有在 4 秒内回答：问管理员服务器是否正常',
  'hall-cut': ({ code }) => `问不到大厅服务器（${code ?? ''}）`,
  'hall-portal': ({ where }) =>
    `回答的是一个登录页面${where ? `（${where}）` : ''}，不是大厅服务器：请网络管理员放行这台设备`,
  'hall-proxy': ({ status }) =>
    `回答的是一个代理（HTTP ${status ?? ''}），不是大厅服务器：请网络管理员让代理放行`,
  'hall-certificate': ({ code }) =>
    `不能确认对方是大厅服务器（证书：${code ?? ''}）：核对地址和 hall.ca、hall.pin`,
  'hall-dates': ({ code }) =>
    `按本机时间，大厅的证书不在有效期内（${code ?? ''}）：先检查本机时间，再问管理员证书是否过期`,
  'hall-trouble': ({ code }) => `大厅服务器报错（${code ?? ''}）：请管理员查看`,
  'hall-stranger': ({ status }) =>
    `这个地址上是别的服务（HTTP ${status ?? ''}），不是大厅服务器：核对地址和端口`,
  'no-hall': () => '还没有填写大厅服务器的地址',
  now: ({ now }) => `本机时间 ${(now ?? '').slice(0, 19).replace('T', ' ')}`,
  'now-implausible': ({ year }) =>
    `本机时间是 ${year ?? ''} 年，不可能是对的：设好时间；每次断电都这样就换主板电池`,
  offset: ({ offsetMs }, span) =>
    Number(offsetMs) === 0
      ? '和大厅的时间一致'
      : `比大厅${Number(offsetMs) > 0 ? '慢' : '快'} ${span(Number(offsetMs))}`,
  'offset-unknown': () => '问不到大厅的时间，无法核对：先检查网络',
  'time-service': ({ name }) => `网络校时正常（${name ?? ''}）`,
  'time-service-waits': ({ name }) => `网络校时开着，但还没有同步（${name ?? ''}）：检查校时服务器能否到达`,
  'time-service-off': () => '网络校时没有打开：运行 timedatectl set-ntp true',
  'time-service-none': () => '没有找到网络校时服务，时间会慢慢走偏：安装 systemd-timesyncd 或 chrony',
  zone: ({ zone, at }) => `时区 ${zone ?? ''}（${at ?? ''}）`,
  'zone-other': ({ zone, at }) =>
    `时区是 ${zone ?? ''}（${at ?? ''}），不是北京时间：运行 timedatectl set-timezone Asia/Shanghai`,
  free: ({ freeMiB, totalMiB }) => `磁盘 ${totalMiB ?? ''} MiB，剩 ${freeMiB ?? ''} MiB`,
  'free-low': ({ freeMiB, totalMiB }) => `磁盘 ${totalMiB ?? ''} MiB，只剩 ${freeMiB ?? ''} MiB：清出空间`,
  'disk-unreadable': ({ code }) => `数据文件夹所在的磁盘读不了（${code ?? ''}）`,
  'file-system': ({ kind, point }) => `文件系统 ${kind ?? ''}（${point ?? ''}）`,
  'file-system-unfit': ({ kind, point }) =>
    `文件系统 ${kind ?? ''}（${point ?? ''}）断电会丢数据：把数据文件夹放到 ext4 这样的本地磁盘上`,
  'read-only': ({ point }) => `${point ?? ''} 是只读的：磁盘可能出错了，检查后重新挂载`,
  write: ({ ms }) => `写入并落盘用了 ${ms ?? ''} 毫秒`,
  'write-slow': ({ ms }) => `写入并落盘用了 ${ms ?? ''} 毫秒，太慢：磁盘可能快坏了，或者别的程序占满了它`,
  'write-failed': ({ code }) =>
    code === 'ENOSPC' ? '写不进去：磁盘满了，清出空间' : `写不进去（${code ?? ''}）：检查磁盘和权限`,
  life: ({ disk, percent }) =>
    percent === undefined ? `磁盘 ${disk ?? ''} 自检正常` : `磁盘 ${disk ?? ''} 的寿命用了约 ${percent}%`,
  'life-ending': ({ disk, percent }) => `磁盘 ${disk ?? ''} 的寿命用了约 ${percent ?? ''}%：准备更换`,
  'life-unknown': () => '磁盘寿命读不到（不支持，或没有安装 smartctl）',
  'disk-failing': ({ disk }) => `磁盘 ${disk ?? ''} 自检报告即将损坏：马上更换`,
}
