/** Why no device runs behind these pages, by the device's code. */
export const stoppedZh: Record<string, string> = {
  configuration: '配置文件有错，见下面的每一行；在“配置”里撤销到上一版，或者从 U 盘导入。',
  'port-taken': '它的端口被别的程序占用。停掉那个程序，或者换一个端口。',
  'address-not-here': '配置里的监听地址不是这台机器的。改成这台机器有的地址。',
  'port-forbidden': '配置里的端口需要更高的权限。换成 1024 以上的端口。',
  store: '它的记录打不开。先看“健康状况”，磁盘可能满了或者坏了。',
  identity: '它的身份文件损坏。从备份恢复，或者停用后重新启用。',
  'data-folder': '它的数据文件夹不能用。检查权限和磁盘。',
}
