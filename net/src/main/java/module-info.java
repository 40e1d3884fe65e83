/**
 * asyncio's networking: streams, transports and protocols, servers, datagrams, TLS; and
 * subprocesses. Start at {@link dev.lariat.net.Streams} or {@link dev.lariat.process.Subprocess}.
 */
@org.jspecify.annotations.NullMarked
module dev.lariat.net {
  requires transitive dev.lariat.core;
  requires transitive io.netty.buffer;
  requires transitive io.netty.handler;
  requires transitive io.netty.transport;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.kqueue;
  requires static io.netty.transport.classes.io_uring;
  requires io.netty.transport.unix.common;
  requires jdk.unsupported;
  requires static org.jspecify;

  exports dev.lariat.net;
  exports dev.lariat.process;
}
