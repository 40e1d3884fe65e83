package dev.lariat.net;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Reactor;
import dev.lariat.testkit.EventLoopContract;

/** A loop that waits on sockets is a loop like any other. */
class NetLoopContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    EventLoop loop = new EventLoop();
    Reactor.of(loop);
    return loop;
  }
}
