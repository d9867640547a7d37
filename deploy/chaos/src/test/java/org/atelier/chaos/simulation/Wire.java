package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Between a process and the world outside. At every call time passes, others get their turns, and what may happen to a
 * process happens: before the call has had its effect, or when it has and the answer is on its way.
 */
final class Wire {
    private static final Duration QUICK = Duration.ofMillis(1);
    private static final Duration USUAL = Duration.ofMillis(25);
    private static final Duration SLOW = Duration.ofSeconds(6);
    /** After this a client gives up a call that nobody answers. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Host host;
    private final Simulation simulation;
    private final Faults faults;
    private final Runnable mishaps;

    /** @param mishaps what may happen to the process at any moment; called before and after the effect of every call */
    Wire(Host host, Simulation simulation, Faults faults, Runnable mishaps) {
        this.host = host;
        this.simulation = simulation;
        this.faults = faults;
        this.mishaps = mishaps;
    }

    Host host() {
        return host;
    }

    /**
     * Calls the store.
     *
     * @param failure the exception for a message
     */
    <T> T store(Supplier<T> effect, Function<String, RuntimeException> failure) {
        boolean slow = faults.strikes(FaultKind.STORE_SLOW);
        return call(effect, failure, faults::isStoreDown, FaultKind.STORE_ERROR, slow ? SLOW : USUAL);
    }

    /**
     * Calls the brokers.
     *
     * @param failure the exception for a message
     */
    <T> T kafka(Supplier<T> effect, Function<String, RuntimeException> failure) {
        return call(effect, failure, faults::isKafkaDown, FaultKind.PUBLISH_ERROR, USUAL);
    }

    private <T> T call(Supplier<T> effect, Function<String, RuntimeException> failure, Supplier<Boolean> down,
            FaultKind error, Duration longest) {
        mishaps.run();
        simulation.pause(simulation.between(QUICK, longest));
        if (down.get() || faults.isCut(host)) {
            simulation.pause(TIMEOUT);
            throw failure.apply("nobody answers");
        }
        boolean fails = faults.strikes(error);
        if (fails && simulation.chance(0.5)) {
            throw failure.apply("it failed without an effect");
        }
        var answer = effect.get();
        mishaps.run();
        simulation.pause(simulation.between(QUICK, USUAL));
        if (fails || faults.isCut(host)) {
            throw failure.apply("its answer was lost");
        }
        return answer;
    }
}
