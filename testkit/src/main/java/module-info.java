/** What tests of Lariat programs and of event loops stand on. */
@org.jspecify.annotations.NullMarked
module dev.lariat.testkit {
  requires static transitive org.jspecify;
  requires transitive dev.lariat.core;
  requires transitive org.junit.jupiter.api;
  requires java.management;
  requires com.fasterxml.jackson.core;

  exports dev.lariat.testkit;
  exports dev.lariat.testkit.conform;
}
