import { asRoot, installRules, PORT_GROUP, quoted } from './commands.ts'
import { holdersIn, PERIPHERALS, place, stop, stopping, values } from './phrases-zh.ts'
import type { Words } from './words.ts'

/** About a port that a peripheral is bound to, or would be. */
export const PORT_ADVICE = {
  'port-missing': ({ path, dangling, candidates }, context) =>
    stop(
      dangling
        ? `${path} 指向的设备没有插上。`
        : `没有 ${path} 这个端口：设备没插上、没通电，或者名字写错了。`,
      context,
      candidates.length === 0
        ? ['检查 USB 线和电源；插上后再运行一遍。']
        : ['检查 USB 线和电源。如果是名字写错了，现在插着的有：', ...values(candidates)],
    ),
  'port-not-a-device': ({ path }, context) =>
    stop(`${path} 在，但不是串口。`, context, [`${place(context)}真正的串口，见下面的清单。`]),
  'port-stuck': (_, context) =>
    stop('看它的时候一直没有回音。', context, [
      '是网络文件夹，就检查服务器和网络；是别的设备，就重新插拔，或重启机器。',
    ]),
  'port-unstable': ({ path, better }, context) => ({
    what: `端口按 ${path} 绑定，这个名字会变：重新插拔或重启后，可能换到别的设备上。`,
    stops: '现在还能用；名字一变，这个设备就找不到了。',
    todo:
      better === null
        ? [
            '这台机器没有固定的名字（/dev/serial 里没有），装上 udev 后重新插拔：',
            asRoot(context.shell, 'apt-get install udev'),
          ]
        : [place(context), { value: better }],
  }),
  'port-ambiguous': ({ path, better }, context) => ({
    what: `插着两根一样的转接线，都没有序列号，${path} 不知道指哪一根。`,
    stops: '重启后两个设备可能对调。',
    todo:
      better === null
        ? ['换一根带序列号的转接线。']
        : [`改为按插口绑定，以后别换插口。${place(context)}`, { value: better }],
  }),
  'port-forbidden': ({ path, user, access, groupAtNextLogin }, context) => {
    const { decidedBy, owner, group, mode } = access
    const rights = `（属于 ${owner}:${group}，权限 ${mode.toString(8)}）`
    if (decidedBy !== path)
      return stop(`用户 ${user} 不能读写 ${path}：上面的文件夹 ${decidedBy} 不让他进${rights}。`, context, [
        `${place(context)}不在 ${decidedBy} 里面的端口名，见下面的清单。`,
      ])
    const join = (to: string) => asRoot(context.shell, `usermod -aG ${quoted(to)} ${quoted(user)}`)
    return stop(
      `用户 ${user} 不能读写 ${path}${rights}。`,
      context,
      groupAtNextLogin
        ? [`${user} 已经在 ${group} 组里，但这次登录还没有生效：注销后重新登录，或重启设备程序。`]
        : group !== 'root' && (mode & 0o060) === 0o060
          ? ['把用户加进这个组，再重新登录（或重启设备程序）：', join(group)]
          : [
              '装上权限规则，把用户加进组里，再重新登录（或重启设备程序）：',
              ...installRules(context.shell, context.config),
              join(PORT_GROUP),
            ],
    )
  },
  'port-root-only': ({ path, access }, context) => ({
    what: `${path} 只有 root 能用（属于 ${access.owner}:${access.group}，权限 ${access.mode.toString(8)}）。`,
    stops:
      context.subject.kind === 'peripheral'
        ? '现在以 root 运行能用；换成普通用户运行就打不开。'
        : '普通用户打不开它。',
    todo: ['装上权限规则：', ...installRules(context.shell, context.config)],
  }),
  'port-held': ({ path, holders }, context) =>
    holders.every(({ window24 }) => window24)
      ? stop(`${holders.length} 个夜窗设备程序同时开着 ${path}：${holdersIn(holders)}。`, context, [
          '一个端口只给一个设备：停掉多开的那个，或改它的配置。',
        ])
      : stop(`${path} 被别的程序占着：${holdersIn(holders)}。`, context, [
          ...stopping(holders, context),
          '然后再检查一遍。',
        ]),
  'port-shared': ({ others }, context) => ({
    what: `和${others.map((name) => PERIPHERALS[name]).join('、')}绑在同一个端口上。`,
    stops: '两个设备抢一个端口，都不可靠。',
    todo: [`${place(context)}它自己的端口，见下面的清单。`],
  }),
  'port-stalled': ({ path }) => ({
    what: `${path} 发出去的数据没有人收。`,
    stops: '设备会判它超时、断开重连；这样反复的话就用不了。',
    todo: ['打印机正在打印就等一等。否则：关电源十秒再开，检查线和流控（RTS/CTS、XON/XOFF）设置。'],
  }),
  'tcp-unknown-host': ({ host }, context) =>
    stop(`网络上找不到 ${host}。`, context, [
      '改写成 IP 地址，或检查 DNS：',
      { command: `getent hosts ${quoted(host)}` },
    ]),
  'tcp-name-silent': ({ host }, context) =>
    stop(`域名服务器没有回答 ${host} 在哪里。`, context, [
      '改写成 IP 地址；不改就检查网线和域名服务器：',
      { command: 'cat /etc/resolv.conf' },
    ]),
  'tcp-refused': ({ address }, context) =>
    stop(`${address} 拒绝连接：串口服务器在，但这个端口没开，或者已经有人连着。`, context, [
      '打开串口服务器的网页，看端口号、工作模式（TCP Server）和连接数。',
    ]),
  'tcp-no-answer': ({ address }, context) =>
    stop(`${address} 没有应答。`, context, [
      '检查串口服务器的电源、网线和 IP 地址：',
      { command: `ping -c 3 ${quoted(address.slice(0, address.lastIndexOf(':')))}` },
    ]),
  'tcp-not-connected': ({ address }, context) =>
    stop(`设备程序正在运行，但没有连上 ${address}。`, context, [
      '检查串口服务器的电源和网线；刚插好的话，几秒后再运行一遍。',
    ]),
  'hid-missing': ({ device, candidates }, context) =>
    stop(`没有插着 ${device}。`, context, [
      '检查 USB 线和电源；插上后再运行一遍。',
      ...(candidates.length === 0 ? [] : ['如果换了型号，现在插着的有：', ...values(candidates)]),
    ]),
  'hid-twins': ({ device, count }) => ({
    what: `插着 ${count} 个一样的 ${device}，分不清是哪一个。`,
    stops: '设备用编号最小的那个，重启后可能换成另一个。',
    todo: ['只留一个。'],
  }),
  'scanner-mode': ({ device, asKeyboard }, context) =>
    stop(
      asKeyboard ? `${device} 在“键盘”模式：扫到的码会当成按键打进屏幕。` : `${device} 不在 HID-POS 模式。`,
      context,
      ['翻开扫码器说明书，扫“USB HID-POS”设置码。'],
    ),
} satisfies Partial<Words['advice']>
