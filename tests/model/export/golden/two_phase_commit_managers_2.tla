--------------------- MODULE two_phase_commit_managers_2 ---------------------
\* two_phase_commit at managers=2: Manager=2 Phase=4 Decision=3
\* java -cp tla2tools.jar tlc2.TLC MODULE; the states generated but the first are the transitions

Manager == {"manager 1", "manager 2"}
Phase == {"working", "prepared", "committed", "aborted"}
Decision == {"undecided", "commit", "abort"}

\* The configuration

VARIABLES two_phase_commit_phase, two_phase_commit_decision, two_phase_commit_heard, two_phase_commit_said_prepared,
  two_phase_commit_said_commit, two_phase_commit_said_abort

vars == <<two_phase_commit_phase, two_phase_commit_decision, two_phase_commit_heard, two_phase_commit_said_prepared,
  two_phase_commit_said_commit, two_phase_commit_said_abort>>

Init ==
  /\ two_phase_commit_phase = [manager \in Manager |-> "working"]
  /\ two_phase_commit_decision = "undecided"
  /\ two_phase_commit_heard = [manager \in Manager |-> FALSE]
  /\ two_phase_commit_said_prepared = [manager \in Manager |-> FALSE]
  /\ two_phase_commit_said_commit = FALSE
  /\ two_phase_commit_said_abort = FALSE

\* {manager} is prepared, and says so.
two_phase_commit_prepare(manager) ==
  /\ (two_phase_commit_phase[manager] = "working")  \* working
  /\ two_phase_commit_phase' = [two_phase_commit_phase EXCEPT ![manager] = "prepared"]
  /\ two_phase_commit_said_prepared' = [two_phase_commit_said_prepared EXCEPT ![manager] = TRUE]
  /\ UNCHANGED <<two_phase_commit_decision, two_phase_commit_heard, two_phase_commit_said_commit,
    two_phase_commit_said_abort>>

\* {manager} decides by itself to abort.
two_phase_commit_give_up(manager) ==
  /\ (two_phase_commit_phase[manager] = "working")  \* working
  /\ two_phase_commit_phase' = [two_phase_commit_phase EXCEPT ![manager] = "aborted"]
  /\ UNCHANGED <<two_phase_commit_decision, two_phase_commit_heard, two_phase_commit_said_prepared,
    two_phase_commit_said_commit, two_phase_commit_said_abort>>

\* The transaction manager hears that {manager} is prepared.
two_phase_commit_hear(manager) ==
  /\ (two_phase_commit_decision = "undecided")  \* undecided
  /\ two_phase_commit_said_prepared[manager]  \* said
  /\ two_phase_commit_heard' = [two_phase_commit_heard EXCEPT ![manager] = TRUE]
  /\ UNCHANGED <<two_phase_commit_phase, two_phase_commit_decision, two_phase_commit_said_prepared,
    two_phase_commit_said_commit, two_phase_commit_said_abort>>

\* The transaction manager has heard from everybody, and decides to commit.
two_phase_commit_commit ==
  /\ (two_phase_commit_decision = "undecided")  \* undecided
  /\ (\A manager \in Manager: two_phase_commit_heard[manager])  \* all_prepared
  /\ two_phase_commit_decision' = "commit"
  /\ two_phase_commit_said_commit' = TRUE
  /\ UNCHANGED <<two_phase_commit_phase, two_phase_commit_heard, two_phase_commit_said_prepared,
    two_phase_commit_said_abort>>

\* The transaction manager decides to abort.
two_phase_commit_abort ==
  /\ (two_phase_commit_decision = "undecided")  \* undecided
  /\ two_phase_commit_decision' = "abort"
  /\ two_phase_commit_said_abort' = TRUE
  /\ UNCHANGED <<two_phase_commit_phase, two_phase_commit_heard, two_phase_commit_said_prepared,
    two_phase_commit_said_commit>>

\* {manager} hears that it is to commit.
two_phase_commit_obey_commit(manager) ==
  /\ two_phase_commit_said_commit  \* said
  /\ two_phase_commit_phase' = [two_phase_commit_phase EXCEPT ![manager] = "committed"]
  /\ UNCHANGED <<two_phase_commit_decision, two_phase_commit_heard, two_phase_commit_said_prepared,
    two_phase_commit_said_commit, two_phase_commit_said_abort>>

\* {manager} hears that it is to abort.
two_phase_commit_obey_abort(manager) ==
  /\ two_phase_commit_said_abort  \* said
  /\ two_phase_commit_phase' = [two_phase_commit_phase EXCEPT ![manager] = "aborted"]
  /\ UNCHANGED <<two_phase_commit_decision, two_phase_commit_heard, two_phase_commit_said_prepared,
    two_phase_commit_said_commit, two_phase_commit_said_abort>>

Next ==
  \/ \E manager \in Manager: two_phase_commit_prepare(manager)
  \/ \E manager \in Manager: two_phase_commit_give_up(manager)
  \/ \E manager \in Manager: two_phase_commit_hear(manager)
  \/ two_phase_commit_commit
  \/ two_phase_commit_abort
  \/ \E manager \in Manager: two_phase_commit_obey_commit(manager)
  \/ \E manager \in Manager: two_phase_commit_obey_abort(manager)

Spec == Init /\ [][Next]_vars

\* together: No manager has committed while another has aborted.
together == (\A one \in Manager, other \in Manager:
  ~((two_phase_commit_phase[one] = "committed") /\ (two_phase_commit_phase[other] = "aborted")))

\* for_good: Who has committed stays so.
for_good == [][(\A manager \in Manager:
  ~((two_phase_commit_phase[manager] = "committed") /\ (two_phase_commit_phase'[manager] # "committed")))]_vars

==============================================================================
