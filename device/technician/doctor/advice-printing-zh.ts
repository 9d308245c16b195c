import { asRoot, cancelJobs, mayChangeOwner, quoted } from './commands.ts'
import type { AtQueue, PrinterTrouble } from './findings.ts'
import { original, place, stop, values } from './phrases-zh.ts'
import type { Context, Step, Words } from './words.ts'

/** About the A4 printer: CUPS, its queues, a printer in the network, a folder in its place. */
export const PRINTING_ADVICE = {
  'cups-down': (_, context) => ({
    what: '打印服务 CUPS 没有运行。',
    stops: context.subject.kind === 'peripheral' ? 'A4 打不出来。' : '要用打印队列的话，A4 打不出来。',
    todo: [BEFORE_STARTING, asRoot(context.shell, 'systemctl start cups')],
  }),
  'cups-silent': (_, { shell }) => ({
    what: '打印服务 CUPS 没有应答。',
    stops: 'A4 打不出来。',
    todo: [BEFORE_STARTING, asRoot(shell, 'systemctl restart cups')],
  }),
  'cups-absent': (_, { shell }) => ({
    what: '没有安装打印服务 CUPS。',
    stops: 'A4 打不出来。',
    todo: [asRoot(shell, 'apt-get install cups')],
  }),
  'cups-keeps-files': (_, { shell }) => ({
    what: 'CUPS 打完还留着文件（PreserveJobFiles）。',
    stops: '市民的材料会留在硬盘上。',
    todo: [asRoot(shell, 'cupsctl PreserveJobFiles=No')],
  }),
  'queue-policy': ({ policy, ...at }, { shell }) => {
    const setting = '-o printer-error-policy=abort-job'
    return {
      what: `队列 ${at.queue} 出错后的做法是 ${policy}。`,
      stops: '缺纸时没打出的材料会留在队列里，加纸后没人等着也打出来。',
      todo: at.here
        ? [asRoot(shell, `lpadmin -p ${quoted(at.queue)} ${setting}`)]
        : [`到服务器 ${at.host} 上，把队列 ${at.queue} 设成 abort-job（lpadmin 的 ${setting}）。`],
    }
  },
  'printer-backlog': ({ jobs, ...at }, context) => ({
    what: `队列 ${at.queue} 里压着本机 ${jobs.length} 份没打完的材料。`,
    stops: '打印机一好就会全打出来，可能没有人在等。',
    todo: ['正在打印就等一等；没有人在等就清掉：', ...clearing(at, jobs, context)],
  }),
  'printer-stopped': ({ reasons, jobs, ...at }, context) => {
    const causes = reasons.filter((reason) => reason !== 'paused')
    const told = reasons.length === 0 ? '' : `（${reasons.join('、')}）`
    const backlog = jobs.length === 0 ? '' : `里面压着本机 ${jobs.length} 份没打完的材料。`
    return {
      what: `打印机 ${at.queue} 停了${told}。${backlog}`,
      stops: 'A4 打不出来。',
      todo: [
        ...(jobs.length === 0
          ? []
          : [
              '先清掉压着的（等材料的人还在现场就不清）：打印机一恢复就会打出来。',
              ...clearing(at, jobs, context),
            ]),
        causes.length < reasons.length && causes.length === 0
          ? '它被暂停了：有人停的，或者打印失败后队列自己停的。先问清楚原因，处理好。'
          : '加纸、清卡纸、关好盖子。',
        ...(at.here
          ? ['然后让它接着打：', asRoot(context.shell, `cupsenable ${quoted(at.queue)}`)]
          : [`还不动的话，到 ${at.host} 上让它恢复。`]),
      ],
    }
  },
  'printer-refusing': ({ queue, here, host }, { shell }) => ({
    what: `打印机 ${queue} 不接收新的打印。`,
    stops: 'A4 打不出来。',
    todo: here
      ? [asRoot(shell, `cupsaccept ${quoted(queue)}`)]
      : [`看打印机的面板，或者到服务器 ${host} 上让它接收打印。`],
  }),
  'printer-absent': ({ url, here, queue, candidates }, context) =>
    stop(
      `${url} 没有这台打印机。`,
      context,
      candidates.length > 0
        ? [place(context), ...values(candidates)]
        : here && queue !== null
          ? [
              '建这个队列，把 PRINTER 换成打印机的地址：',
              asRoot(
                context.shell,
                `lpadmin -p ${quoted(queue)} -E -m everywhere -o printer-error-policy=abort-job -v ipp://PRINTER/ipp/print`,
              ),
            ]
          : ['检查地址里的路径：CUPS 是 /printers/名字，打印机多半是 /ipp/print。'],
    ),
  'printer-unreachable': ({ url, trouble, detail }, context) => {
    const [what, todo] = TROUBLES[trouble]
    return stop(`打印机 ${url} 用不了：${what}。`, context, [todo, original(detail)])
  },
  'folder-missing': ({ path, user }, context) =>
    stop(`没有文件夹 ${path}。`, context, [
      '它要是在别的硬盘或网络上，先挂载；不是就建一个：',
      asRoot(context.shell, `install -d -m 0700 -o ${quoted(user)} ${quoted(path)}`),
    ]),
  'folder-is-none': ({ path }, context) =>
    stop(`${path} 是文件，不是文件夹。`, context, [`${place(context)}dir: 加文件夹的路径。`]),
  'folder-forbidden': ({ path, user, access, target }, context) => {
    const { decidedBy, owner, group, mode } = access
    const rights = `（属于 ${owner}:${group}，权限 ${mode.toString(8)}）`
    return decidedBy !== path
      ? stop(`用户 ${user} 到不了 ${path}：上面的文件夹 ${decidedBy} 不让他进${rights}。`, context, [
          `换一个文件夹。${place(context)}dir: 加它的路径。`,
        ])
      : stop(
          `用户 ${user} 不能写文件夹 ${path}${rights}。`,
          context,
          target !== null && mayChangeOwner(target)
            ? [
                '它只用来放这些页面的话，就交给这个用户：',
                asRoot(context.shell, `chown ${quoted(user)} ${quoted(target)}`),
              ]
            : [`它不是放这些页面的，换一个文件夹。${place(context)}dir: 加它的路径。`],
        )
  },
} satisfies Partial<Words['advice']>

const BEFORE_STARTING =
  '一启动，队列里压着的材料马上就打出来：没有人在等的话，先关打印机，启动后再运行一遍检查。'

const clearing = (at: AtQueue, jobs: readonly number[], { shell }: Context): Step[] =>
  at.here
    ? [cancelJobs(shell, at.queue, jobs)]
    : [`到 ${at.host} 上清队列 ${at.queue} 的任务 ${jobs.join('、')}。`]

const LINE = '检查打印机的电源、网线和地址。'

const TROUBLES: Record<PrinterTrouble, readonly [what: string, todo: string]> = {
  unreachable: ['连不上', LINE],
  timeout: ['没有按时应答', LINE],
  cut: ['连上后断了', LINE],
  aborted: ['没有问完', '再运行一遍。'],
  certificate: ['它的证书本机不信任', '让本机信任它的证书，或者网线是专用的话，把 ipps:// 改成 ipp://。'],
  refused: ['它拒绝了本机', '到打印机的设置里允许本机打印，检查地址里的路径。'],
  denied: ['它听懂了，但不答应', '到打印机的设置里允许本机打印，检查地址里的路径。'],
  garbage: ['那里应答的不像打印机', '检查地址、端口号和路径。'],
  'too-long': ['那里应答的不像打印机', '检查地址、端口号和路径。'],
  'no-printer': ['那里没有说自己是打印机', '检查地址里的路径。'],
}
