/** What {@code ./lariat} runs. */
module dev.lariat.cli {
  requires static org.jspecify;
  requires dev.lariat.core;
  requires dev.lariat.net;
  requires dev.lariat.testkit;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires jdk.management;

  // picocli fills the commands' options by reflection.
  opens dev.lariat.cli to
      info.picocli;
  opens dev.lariat.cli.bench to
      info.picocli;
  opens dev.lariat.cli.conform to
      info.picocli;
  opens dev.lariat.cli.demo to
      info.picocli;
}
