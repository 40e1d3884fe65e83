/** Lariat on Swing's event dispatch thread. Start at {@link dev.lariat.swing.Swing}. */
@org.jspecify.annotations.NullMarked
module dev.lariat.swing {
  requires transitive dev.lariat.core;
  requires transitive java.desktop;
  requires static org.jspecify;

  exports dev.lariat.swing;
}
