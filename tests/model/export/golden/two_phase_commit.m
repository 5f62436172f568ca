-- two_phase_commit at managers=2: Manager=2 Phase=4 Decision=3
-- rumur --deadlock-detection off -o FILE.c FILE && gcc -O2 -march=native -o check FILE.c -lpthread

type
  -- alike: manager 1
  -- alike: manager 2
  Any_Manager: scalarset(2);
  Phase: enum {working, prepared, committed, aborted};
  Decision: enum {undecided, commit, abort};

var
  two_phase_commit_phase: array [Any_Manager] of Phase;
  two_phase_commit_decision: Decision;
  two_phase_commit_heard: array [Any_Manager] of boolean;
  two_phase_commit_said_prepared: array [Any_Manager] of boolean;
  two_phase_commit_said_commit: boolean;
  two_phase_commit_said_abort: boolean;

startstate "start"
begin
    for manager: Any_Manager do
      two_phase_commit_phase[manager] := working;
    end;
    two_phase_commit_decision := undecided;
    clear two_phase_commit_heard;
    clear two_phase_commit_said_prepared;
    clear two_phase_commit_said_commit;
    clear two_phase_commit_said_abort;
end;

-- two_phase_commit.prepare: {manager} is prepared, and says so.
ruleset manager: Any_Manager do
  rule "two_phase_commit.prepare"
    (two_phase_commit_phase[manager] = working)  -- working
  ==>
  begin
    assert "for_good: Who has committed stays so." (forall manager2: Any_Manager do
      !(
        (two_phase_commit_phase[manager2] = committed) &
        !(((manager2 = manager) ? prepared : two_phase_commit_phase[manager2]) = committed)) end);
    two_phase_commit_phase[manager] := prepared;
    two_phase_commit_said_prepared[manager] := true;
  end;
end;

-- two_phase_commit.give_up: {manager} decides by itself to abort.
ruleset manager: Any_Manager do
  rule "two_phase_commit.give_up"
    (two_phase_commit_phase[manager] = working)  -- working
  ==>
  begin
    assert "for_good: Who has committed stays so." (forall manager2: Any_Manager do
      !(
        (two_phase_commit_phase[manager2] = committed) &
        !(((manager2 = manager) ? aborted : two_phase_commit_phase[manager2]) = committed)) end);
    two_phase_commit_phase[manager] := aborted;
  end;
end;

-- two_phase_commit.hear: The transaction manager hears that {manager} is prepared.
ruleset manager: Any_Manager do
  rule "two_phase_commit.hear"
    (two_phase_commit_decision = undecided)  -- undecided
    & two_phase_commit_said_prepared[manager]  -- said
  ==>
  begin
    two_phase_commit_heard[manager] := true;
  end;
end;

-- two_phase_commit.commit: The transaction manager has heard from everybody, and decides to commit.
  rule "two_phase_commit.commit"
    (two_phase_commit_decision = undecided)  -- undecided
    & (forall manager: Any_Manager do two_phase_commit_heard[manager] end)  -- all_prepared
  ==>
  begin
    two_phase_commit_decision := commit;
    two_phase_commit_said_commit := true;
  end;

-- two_phase_commit.abort: The transaction manager decides to abort.
  rule "two_phase_commit.abort"
    (two_phase_commit_decision = undecided)  -- undecided
  ==>
  begin
    two_phase_commit_decision := abort;
    two_phase_commit_said_abort := true;
  end;

-- two_phase_commit.obey_commit: {manager} hears that it is to commit.
ruleset manager: Any_Manager do
  rule "two_phase_commit.obey_commit"
    two_phase_commit_said_commit  -- said
  ==>
  begin
    assert "for_good: Who has committed stays so." (forall manager2: Any_Manager do
      !(
        (two_phase_commit_phase[manager2] = committed) &
        !(((manager2 = manager) ? committed : two_phase_commit_phase[manager2]) = committed)) end);
    two_phase_commit_phase[manager] := committed;
  end;
end;

-- two_phase_commit.obey_abort: {manager} hears that it is to abort.
ruleset manager: Any_Manager do
  rule "two_phase_commit.obey_abort"
    two_phase_commit_said_abort  -- said
  ==>
  begin
    assert "for_good: Who has committed stays so." (forall manager2: Any_Manager do
      !(
        (two_phase_commit_phase[manager2] = committed) &
        !(((manager2 = manager) ? aborted : two_phase_commit_phase[manager2]) = committed)) end);
    two_phase_commit_phase[manager] := aborted;
  end;
end;

invariant "together: No manager has committed while another has aborted."
  (forall one: Any_Manager do
    (forall other: Any_Manager do
      !((two_phase_commit_phase[one] = committed) & (two_phase_commit_phase[other] = aborted)) end) end);
