/*
 * A bad wire: hands Ethernet frames from one interface to the other and back, and loses, doubles, delays and so
 * reorders them. Kernels without netem have nothing like it.
 *   wire IFACE IFACE       reads commands from stdin, a line each, and answers each with a line of counts
 *     set LOSS DOUBLE DELAY_MS JITTER_MS   shares of a thousand; a jitter above the gap between frames reorders them
 *     cut                                  every frame is lost from now on; `set` heals
 *   wire --plain IFACE     frames as they are on a wire: no segments joined, no checksum left to the hardware
 */
#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_BYTES = 2048, WAITING = 8192 };

struct frame {
  long due_us;
  int to;
  long number;
  int length;
  unsigned char bytes[FRAME_BYTES];
};

static struct frame *waiting[WAITING];
static int waiting_count;
static int loss, twice, delay_ms, jitter_ms, is_cut;
static long passed, lost, doubled, reordered, last_number[2], next_number;

static long now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static int chance(int thousandths) { return rand() % 1000 < thousandths; }

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void make_plain(const char *name) {
  const int commands[] = {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++) {
    struct ethtool_value value = {.cmd = commands[i], .data = 0};
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_data = (char *)&value;
    if (ioctl(fd, SIOCETHTOOL, &request) < 0) fail(name);
  }
  close(fd);
}

static int open_end(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  if (fd < 0) fail("AF_PACKET");
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name)};
  if (at.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0) fail(name);
  return fd;
}

static void put(int to, const unsigned char *bytes, int length, long number) {
  if (waiting_count == WAITING) {
    lost++;
    return;
  }
  struct frame *frame = malloc(sizeof *frame);
  if (frame == NULL) fail("malloc");
  long jitter_us = jitter_ms > 0 ? rand() % (jitter_ms * 1000L) : 0;
  frame->due_us = now_us() + delay_ms * 1000L + jitter_us;
  frame->to = to;
  frame->number = number;
  frame->length = length;
  memcpy(frame->bytes, bytes, length);
  waiting[waiting_count++] = frame;
}

static void take(int fd, int to) {
  unsigned char bytes[FRAME_BYTES];
  struct sockaddr_ll from;
  socklen_t size = sizeof from;
  ssize_t length = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
  if (length <= 0 || from.sll_pkttype == PACKET_OUTGOING) return;
  long number = ++next_number;
  if (is_cut || chance(loss)) {
    lost++;
    return;
  }
  put(to, bytes, length, number);
  if (!chance(twice)) return;
  doubled++;
  put(to, bytes, length, number);
}

/* Gives how long until the next is due, in milliseconds; -1 for none. */
static int hand_on(const int ends[2]) {
  long now = now_us(), next = -1;
  for (int i = 0; i < waiting_count;) {
    struct frame *frame = waiting[i];
    if (frame->due_us > now) {
      if (next < 0 || frame->due_us < next) next = frame->due_us;
      i++;
      continue;
    }
    if (!is_cut && send(ends[frame->to], frame->bytes, frame->length, 0) == frame->length) {
      passed++;
      if (frame->number < last_number[frame->to]) reordered++;
      else last_number[frame->to] = frame->number;
    }
    free(frame);
    memmove(waiting + i, waiting + i + 1, (--waiting_count - i) * sizeof *waiting);
  }
  return next < 0 ? -1 : (int)((next - now) / 1000 + 1);
}

static int obey(void) {
  char line[128];
  if (fgets(line, sizeof line, stdin) == NULL) return 0;
  if (sscanf(line, "set %d %d %d %d", &loss, &twice, &delay_ms, &jitter_ms) == 4) is_cut = 0;
  else if (strncmp(line, "cut", 3) == 0) is_cut = 1;
  printf("{\"passed\":%ld,\"lost\":%ld,\"doubled\":%ld,\"reordered\":%ld}\n", passed, lost, doubled, reordered);
  fflush(stdout);
  return 1;
}

int main(int count, char **words) {
  if (count != 3) return 2;
  if (strcmp(words[1], "--plain") == 0) {
    make_plain(words[2]);
    return 0;
  }
  setvbuf(stdin, NULL, _IONBF, 0);
  const int ends[2] = {open_end(words[1]), open_end(words[2])};
  struct pollfd watched[3] = {{ends[0], POLLIN, 0}, {ends[1], POLLIN, 0}, {0, POLLIN, 0}};
  for (;;) {
    poll(watched, 3, hand_on(ends));
    for (int end = 0; end < 2; end++)
      if (watched[end].revents) take(ends[end], 1 - end);
    if (watched[2].revents && !obey()) return 0;
  }
}
