/** asyncio for Java: coroutines, tasks and event loops. Start at {@link dev.lariat.Asyncio}. */
@org.jspecify.annotations.NullMarked
module dev.lariat.core {
  requires java.management;
  requires jdk.unsupported;
  requires static org.jspecify;

  exports dev.lariat;
  exports dev.lariat.context;
  exports dev.lariat.event;
  exports dev.lariat.host;
  exports dev.lariat.queue;
  exports dev.lariat.signal;
  exports dev.lariat.sync;
}
