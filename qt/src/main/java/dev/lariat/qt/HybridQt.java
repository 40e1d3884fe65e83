package dev.lariat.qt;

/**
 * Qt by the functions of its core library, but with the application and the main loops of QtJambi.
 * What QtJambi's native part looks for, a class say, it looks for as the innermost Java method on
 * the stack would; and below a main loop that is the one that runs it.
 */
final class HybridQt extends NativeQt {
  private final JambiQt jambi;

  HybridQt(JambiQt jambi) {
    this.jambi = jambi;
  }

  @Override
  public void newApplication() {
    jambi.newApplication();
  }

  @Override
  public void exec() {
    jambi.exec();
  }

  @Override
  public NestedLoop newLoop() {
    return jambi.newLoop();
  }
}
