import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Prints a line for each check of a client, with the time that it took. */
final class Suite {
    private static final int TIME_LIMIT = 30; // seconds for one check
    private static final int FAILED = 3; // an exit status that Java does not use for a crash

    private final String client;
    private int status = 0;

    Suite(String client) {
        this.client = client;
    }

    interface Check {
        void run() throws Exception;
    }

    /** Runs one check. A check that throws has failed; the others go on. */
    void check(String title, Check check) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            check.run();
            return null;
        });
        long start = System.nanoTime();
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        String failure = null;
        try {
            task.get(TIME_LIMIT, TimeUnit.SECONDS);
        } catch (ExecutionException exception) {
            failure = exception.getCause().toString();
        } catch (TimeoutException exception) {
            failure = "no end after " + TIME_LIMIT + " s";
        }
        String time = String.format(Locale.ROOT, " (%.2f s)", (System.nanoTime() - start) / 1e9);
        if (failure == null) {
            System.out.println("ok   " + client + "  " + title + time);
            return;
        }
        String reason = failure.replaceAll("\\s+", " ");
        System.out.println("FAIL " + client + "  " + title + ": " + reason.substring(0, Math.min(reason.length(), 400)) + time);
        status = FAILED;
    }

    /** Ends the program with the status that the checks earned, without waiting for threads of the clients. */
    void finish() {
        System.exit(status);
    }

    static void equal(Object got, Object want) {
        if (!Objects.equals(got, want)) {
            throw new AssertionError("got " + got + ", want " + want);
        }
    }

    /** Asserts that a call throws an exception of a class, and returns it. */
    static <E extends Exception> E throwing(Class<E> kind, Check call) throws Exception {
        try {
            call.run();
        } catch (Exception exception) {
            if (kind.isInstance(exception)) {
                return kind.cast(exception);
            }
            throw exception;
        }
        throw new AssertionError("nothing was refused");
    }
}
