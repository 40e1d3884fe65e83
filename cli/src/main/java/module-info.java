/** What {@code ./lariat} runs. */
module dev.lariat.cli {
  requires static transitive org.jspecify;
  requires dev.lariat.core;
  requires dev.lariat.net;
  requires dev.lariat.testkit;
  requires transitive info.picocli;

  exports dev.lariat.cli.bench;

  uses dev.lariat.cli.bench.Benchmark;

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
