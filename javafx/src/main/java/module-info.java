/** Lariat on JavaFX. Start at {@link dev.lariat.javafx.JavaFx}. */
@org.jspecify.annotations.NullMarked
module dev.lariat.javafx {
  requires static transitive org.jspecify;
  requires transitive dev.lariat.core;
  requires transitive javafx.controls;

  exports dev.lariat.javafx;
  exports dev.lariat.javafx.internal to
      javafx.graphics; // makes the Application
}
