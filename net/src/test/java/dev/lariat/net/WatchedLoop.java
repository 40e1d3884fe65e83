package dev.lariat.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;

/**
 * A kind of loop whose host watches Netty's descriptor: nothing of Netty's has a thread, but what
 * waits for channels of the JDK.
 */
public interface WatchedLoop extends LoopKind {
  @Override
  default void check(EventLoop used) {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("lariat-net-epoll"));
  }
}
